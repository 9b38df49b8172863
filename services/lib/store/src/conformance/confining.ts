import { EVERYTHING, projects } from "@raingauge/domain";
import { reading } from "@raingauge/test/generators/reading.ts";
import { expect, it } from "vitest";
import type { Open } from "./place.ts";
import { arrivalOf, DAY, hour, hours, polling, quantities } from "./terms.ts";

/** Promise 7: a caller and what is not his. */
export function confining(open: Open): void {
  const mine = projects("acme");
  const theirs = projects("globex");
  /** Given away at noon, and seen once more by its new owner. */
  const transferred = arrivalOf(1, {
    samples: [
      reading({ at: hour(1) }),
      reading({ at: hour(12), project: "globex" }),
      reading({ at: hour(20), project: "globex" }),
    ],
    events: [
      {
        id: "m-1",
        type: "t",
        region: "RegionOne",
        source: "nova",
        at: hour(1),
        project: "acme",
        resource: "vm-1",
        resourceType: "instance",
        attributes: { name: "old", secret: "acme" },
      },
      {
        id: "m-2",
        type: "t",
        region: "RegionOne",
        source: "nova",
        at: hour(12),
        project: "globex",
        resource: "vm-1",
        resourceType: "instance",
        attributes: { name: "new" },
      },
      { id: "m-3", type: "t", region: "RegionOne", source: "nova", at: hour(13), attributes: {} },
    ],
    coverage: [polling(hours(0, 24), 24 * 3_600)],
  });

  it.each([{ rolled: false }, { rolled: true }])(
    "a foreign reading ends a hold and is never shown (rolled up: $rolled)",
    async ({ rolled }) => {
      await using opened = await open();
      const { store } = opened;
      await store.append([transferred]);
      if (rolled) await store.rollUp();

      const usage = await store.measure({ meters: ["instance"], period: DAY }, mine);

      expect(quantities(usage)).toEqual([11n]);
      expect(usage.map(({ project, evidence }) => [project, evidence.readings, evidence.end])).toEqual([
        ["acme", 1, undefined],
      ]);
      expect((await store.series({ meter: "instance", period: DAY }, mine)).map(({ project }) => project)).toEqual([
        "acme",
      ]);
    },
  );

  it("shows the events and the resource as they were while they were the caller's", async () => {
    await using opened = await open();
    const { store } = opened;
    await store.append([transferred]);

    expect((await store.events({ period: DAY }, mine)).map(({ id }) => id)).toEqual(["m-1"]);
    expect((await store.events({ period: DAY }, EVERYTHING)).map(({ id }) => id)).toEqual(["m-1", "m-2", "m-3"]);
    expect(await store.resources({ period: DAY }, mine)).toMatchObject([
      { project: "acme", attributes: { name: "old" }, lastSeen: hour(1) },
    ]);
    expect(await store.resources({ period: DAY }, theirs)).toEqual([
      {
        id: "vm-1",
        type: "instance",
        region: "RegionOne",
        project: "globex",
        attributes: { name: "new" },
        firstSeen: hour(12),
        lastSeen: hour(20),
      },
    ]);
    expect(await store.projects(DAY, EVERYTHING)).toEqual(["acme", "globex"]);
    expect(await store.projects(DAY, mine)).toEqual(["acme"]);
  });

  it("names no project for whose quota alone was looked at", async () => {
    await using opened = await open();
    const { store } = opened;
    const dial = reading({ at: hour(1), project: "initech", meter: "raingauge_quota_limit" });
    await store.append([transferred, arrivalOf(2, { samples: [dial] })]);
    await store.rollUp();

    expect(await store.projects(DAY, EVERYTHING)).toEqual(["acme", "globex"]);
    expect(await store.points({ meter: dial.meter, period: DAY }, projects("initech"))).toHaveLength(1);
    expect(await store.points({ meter: dial.meter, period: DAY }, mine)).toEqual([]);
  });

  it.each([{ rolled: false }, { rolled: true }])(
    "shows a stranger nothing at all (rolled up: $rolled)",
    async ({ rolled }) => {
      await using opened = await open();
      const { store } = opened;
      await store.append([transferred]);
      if (rolled) await store.rollUp();

      for (const scope of [projects("initech"), projects()]) {
        expect(await store.measure({ period: DAY }, scope)).toEqual([]);
        expect(await store.series({ meter: "instance", period: DAY }, scope)).toEqual([]);
        expect(await store.events({ period: DAY }, scope)).toEqual([]);
        expect(await store.resources({ period: DAY }, scope)).toEqual([]);
        expect(await store.projects(DAY, scope)).toEqual([]);
      }
    },
  );
}
