import { type Batch, EVERYTHING, type Instant } from "@raingauge/domain";
import { reading } from "@raingauge/test/generators/reading.ts";
import { expect, it } from "vitest";
import type { Open } from "./place.ts";
import { arrival, arrivalOf, DAY, hour, hours, listening, polling } from "./terms.ts";

/** Resources, coverage and projects, as they were told of. */
export function describing(open: Open): void {
  const event = (id: string, moment: Instant, attributes: Record<string, string>): Batch["events"][number] => ({
    id,
    type: "compute.instance.update",
    region: "RegionOne",
    source: "nova",
    at: moment,
    project: "acme",
    resource: "vm-1",
    resourceType: "instance",
    attributes,
  });

  it("describes a resource as its events told until the period's end", async () => {
    await using opened = await open();
    const { store } = opened;
    const events = [
      event("e-3", hour(30), { name: "third" }),
      event("e-1", hour(1), { name: "first", host: "compute-01" }),
      event("e-2", hour(5), { name: "second" }),
    ];
    await store.append([arrivalOf(1, { events, samples: [reading({ at: hour(0.5) }), reading({ at: hour(40) })] })]);

    const [resource] = await store.resources({ period: DAY }, EVERYTHING);

    expect(resource).toEqual({
      id: "vm-1",
      type: "instance",
      region: "RegionOne",
      project: "acme",
      attributes: { name: "second", host: "compute-01" },
      firstSeen: hour(0.5),
      lastSeen: hour(5),
    });
  });

  it("lists the resources of one type that were seen in the period, and no others", async () => {
    await using opened = await open();
    const { store } = opened;
    const volume = reading({ at: hour(1), meter: "volume.size", resource: "disk-1" });
    await store.append([arrival(1, reading({ at: hour(1) }), volume, reading({ at: hour(-5), resource: "vm-0" }))]);

    const idsOf = async (type?: string): Promise<string[]> => {
      const found = await store.resources({ period: DAY, ...(type === undefined ? {} : { type }) }, EVERYTHING);
      return found.map(({ id }) => id);
    };

    expect(await idsOf()).toEqual(["disk-1", "vm-1"]);
    expect(await idsOf("volume")).toEqual(["disk-1"]);
  });

  it("gives back the coverage that overlaps a period, as of a watermark", async () => {
    await using opened = await open();
    const { store } = opened;
    const early = listening(hours(0, 2));
    const late = polling(hours(1, 5));
    await store.append([arrivalOf(1, { coverage: [early, { ...late, region: "RegionTwo" }] })]);
    const asOf = await store.watermark();
    await store.append([arrivalOf(2, { coverage: [late] })]);

    expect(await store.coverage({ period: hours(0, 24), region: "RegionOne" })).toEqual([early, late]);
    expect(await store.coverage({ period: hours(0, 24), region: "RegionOne", asOf })).toEqual([early]);
    expect(await store.coverage({ period: hours(2, 24), region: "RegionOne" })).toEqual([late]);
  });

  it("names the projects that have usage without a reading in the period", async () => {
    await using opened = await open();
    const { store } = opened;
    await store.append([arrivalOf(1, { samples: [reading({ at: hour(1) })], coverage: [listening(hours(0, 24))] })]);

    expect(await store.projects(hours(5, 6), EVERYTHING)).toEqual(["acme"]);
    expect(await store.projects(hours(30, 40), EVERYTHING)).toEqual([]);
  });
}
