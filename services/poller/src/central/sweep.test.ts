import { at, type Batch, type Coverage, type Event, instant, type Sample } from "@raingauge/domain";
import { inPages, type Play, type Recording, recordedCloud, recording } from "@raingauge/harness";
import { ApiError } from "@raingauge/openstack";
import { silentLog } from "@raingauge/runtime";
import { describe, expect, it } from "vitest";
import { sessionOf } from "../fixtures/session-of.ts";
import { centralMetrics } from "./metrics.ts";
import { novaServers } from "./nova.ts";
import { SOURCES } from "./sources.ts";
import { type Seen, SweepIncomplete, sweep } from "./sweep.ts";

const SERVERS = "GET /8774/v2.1/servers/detail";
const MACHINES = recording("nova.servers_detail.latest");
const NOBODY: Recording = { ...MACHINES, body: { servers: [] } };

describe("a sweep", () => {
  it("publishes every page, and proof of having seen everything only after the last", async () => {
    const { told, run } = await sweeping({ [SERVERS]: living(inPages(MACHINES, "servers")) }, { pageItems: 4 });

    const seen = await run();

    // Three of the sixteen never came up.
    expect(resources(told.samples)).toHaveLength(13);
    expect(seen.there.size).toBe(13);
    expect(told.order.slice(-1)).toEqual(["coverage"]);
    expect(told.coverage).toEqual([
      {
        region: "one",
        source: "nova.sweep",
        agent: "central",
        period: { start: seen.at, end: seen.at },
        confirms: { resourceTypes: ["instance"], limitSeconds: 900 },
      },
    ]);
  });

  it("speaks for the time since the last complete one", async () => {
    const { told, run, tick } = await sweeping({ [SERVERS]: living(() => MACHINES) });

    const first = await run();
    tick(300);
    const second = await run(first);

    expect(told.coverage.at(-1)?.period).toEqual({ start: first.at, end: second.at });
  });

  it("tells beginnings once, and what is there each time", async () => {
    const { told, run, tick } = await sweeping({ [SERVERS]: living(() => MACHINES) });
    const first = await run();
    const before = told.samples.length;
    tick(300);

    await run(first);

    expect(before).toBe(13 * 5 * 2);
    expect(told.samples.length - before).toBe(13 * 5);
  });

  it("tells what a resource is called once, and again when that has changed, from when on it did", async () => {
    const { told, run, tick, cloud } = await sweeping({ [SERVERS]: living(() => MACHINES) });
    const id = "fe64efc0-5a20-4762-92fb-a2ecfee3af92";
    const first = await run();
    const atFirst = told.events.length;
    tick(300);
    const second = await run(first);
    const unchanged = told.events.length - atFirst;
    const renamed = machines().map((each) =>
      each.id === id ? { ...each, name: "shop", updated: "2026-11-23T01:07:00Z" } : each,
    );
    cloud.play(
      SERVERS,
      living(() => ({ ...MACHINES, body: { servers: renamed } })),
    );
    tick(300);

    await run(second);

    expect([atFirst, unchanged]).toEqual([13, 0]);
    expect(told.events.slice(13)).toEqual([
      expect.objectContaining({
        ...{ resource: id, resourceType: "instance", at: instant("2026-11-23T01:07:00Z"), type: "nova.sweep" },
        attributes: expect.objectContaining({ name: "shop", flavor: "m1.tiny" }),
      }),
    ]);
  });

  it("asks for what ended since the last complete one, and for a week at first", async () => {
    const { cloud, run, tick } = await sweeping({ [SERVERS]: living(() => MACHINES) });
    const since = () => cloud.asked.findLast(({ query }) => "changes-since" in query)?.query["changes-since"];
    const first = await run();
    const atFirst = since();
    tick(300);

    await run(first);

    expect(atFirst).toBe("2026-11-16T00:50:00Z");
    expect(since()).toBe("2026-11-23T00:50:00Z");
  });

  it("says of what has gone without a word that it vanished, and takes it back when it is there again", async () => {
    const { told, run, tick, cloud } = await sweeping({ [SERVERS]: living(() => MACHINES) });
    const id = "fe64efc0-5a20-4762-92fb-a2ecfee3af92";
    const first = await run();
    cloud.play(
      SERVERS,
      living(() => without(id)),
    );
    tick(300);
    const second = await run(first);
    const gone = told.samples.filter(({ stance }) => stance === "vanishes");
    cloud.play(
      SERVERS,
      living(() => MACHINES),
    );
    tick(300);

    const third = await run(second);

    expect(gone.map(({ resource, at: when, project }) => [resource, when, project])).toEqual(
      Array.from({ length: 5 }, () => [id, second.at, "8eb3fab7821249c7af3cbd737437eebf"]),
    );
    expect(third.there.has(id)).toBe(true);
    expect(told.samples.filter(({ stance }) => stance === "vanishes")).toHaveLength(5);
  });

  it("doubts an API that has forgotten most of what it knew, until it says so again", async () => {
    const { told, run, tick, cloud } = await sweeping({ [SERVERS]: living(() => MACHINES) });
    const first = await run();
    cloud.play(SERVERS, () => NOBODY);
    tick(300);

    await expect(run(first)).rejects.toMatchObject({ reason: "short" });
    expect(told.samples.filter(({ stance }) => stance === "vanishes")).toEqual([]);
    await run({ ...first, doubted: true });

    expect(resources(told.samples.filter(({ stance }) => stance === "vanishes"))).toHaveLength(13);
  });

  it.each([
    ["breaks off between two pages", "cut"],
    ["is refused half way", recording("nova.servers_detail.member_forbidden")],
  ] as const)("that %s tells what it read and proves nothing", async (_, trouble) => {
    const pages = inPages(MACHINES, "servers");
    const half: Play = (asked) => (asked.query["marker"] === undefined ? pages(asked) : trouble);
    const { told, run } = await sweeping({ [SERVERS]: living(half) }, { pageItems: 4 });

    await expect(run()).rejects.toThrow(ApiError);

    expect(told.samples.length).toBeGreaterThan(0);
    expect(told.coverage).toEqual([]);
  });

  it("that finds a cell of Nova's silent proves nothing of the machines in it, nor of the others", async () => {
    const silent = { id: "11111111-0000-4000-8000-000000000000", status: "UNKNOWN", tenant_id: "acme", links: [] };
    const some = { ...MACHINES, body: { servers: [silent, ...machines()] } };
    const { told, run } = await sweeping({ [SERVERS]: living(() => some) });

    await expect(run()).rejects.toMatchObject({ reason: "items_unreadable" });

    expect(resources(told.samples)).toHaveLength(13);
    expect(told.coverage).toEqual([]);
  });

  it("that lists what no meter can have read tells the others, and proves nothing", async () => {
    const [first, ...others] = machines();
    const some = {
      ...MACHINES,
      body: { servers: [{ ...first, flavor: { ...first?.flavor, ram: Number.MAX_SAFE_INTEGER } }, ...others] },
    };
    const { told, run } = await sweeping({ [SERVERS]: living(() => some) });

    await expect(run()).rejects.toMatchObject({ reason: "items_unreadable" });

    expect(resources(told.samples)).toHaveLength(12);
    expect(told.coverage).toEqual([]);
  });

  it("that took longer than its interval proves nothing", async () => {
    const slow = await sweeping({});
    const late: Play = () => {
      slow.tick(301);
      return MACHINES;
    };
    slow.cloud.play(SERVERS, living(late));

    await expect(slow.run()).rejects.toMatchObject({ reason: "late" });
    expect(slow.told.coverage).toEqual([]);
  });

  it("of which not all could be published proves nothing", async () => {
    const { told, run } = await sweeping({ [SERVERS]: living(() => MACHINES) }, { takes: () => false });

    await expect(run()).rejects.toThrow(SweepIncomplete);
    expect(told.coverage).toEqual([]);
  });

  it("has a source of its own name for every type of resource", () => {
    const types = SOURCES.flatMap(({ resourceTypes }) => resourceTypes);

    expect(new Set(SOURCES.map(({ name }) => name)).size).toBe(SOURCES.length);
    expect(new Set(types).size).toBe(types.length);
  });
});

interface Said {
  readonly id: string;
  readonly flavor: Readonly<Record<string, unknown>>;
}

const machines = () => MACHINES.body?.["servers"] as readonly Said[];

const without = (id: string): Recording => ({
  ...MACHINES,
  body: { servers: machines().filter((each) => each.id !== id) },
});

const resources = (samples: readonly Sample[]): string[] => [...new Set(samples.map(({ resource }) => resource))];

/** Nobody has been deleted. */
const living =
  (play: Play): Play =>
  (asked) =>
    asked.query["deleted"] === "true" ? NOBODY : play(asked);

async function sweeping(
  plays: Readonly<Record<string, Play>>,
  { pageItems = 1_000, takes = () => true }: { readonly pageItems?: number; readonly takes?: () => boolean } = {},
) {
  const cloud = await recordedCloud(plays);
  let now = instant("2026-11-23T01:00:00Z");
  const session = sessionOf(cloud, { now: () => now, attemptsMax: 2, endpointRequestsMax: 2 });
  const told = { samples: [] as Sample[], coverage: [] as Coverage[], events: [] as Event[], order: [] as string[] };
  const parts = {
    ...{ session, pageItems, region: "one", agent: "central", intervalSeconds: 300, now: () => now },
    ...{ log: silentLog, metrics: centralMetrics() },
    post: async ({ samples, coverage, events }: Batch) => {
      told.events.push(...events);
      told.samples.push(...samples);
      told.coverage.push(...coverage);
      told.order.push(coverage.length > 0 ? "coverage" : "samples");
      return takes();
    },
  };
  return {
    ...{ cloud, told },
    run: (before?: Seen) => sweep(novaServers, parts, before),
    tick: (seconds: number) => {
      now = at(now + seconds * 1_000);
    },
  };
}
