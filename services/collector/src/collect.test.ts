import { type Bus, BusUnavailable, type Message } from "@raingauge/bus";
import { memoryBus } from "@raingauge/bus/memory";
import { at, EVERYTHING, instant, type Sample } from "@raingauge/domain";
import { silentLog } from "@raingauge/runtime";
import { type SampleStore, StoreUnavailable } from "@raingauge/store";
import { memoryStore } from "@raingauge/store/memory";
import { runs } from "@raingauge/test/generators/hunt.ts";
import { packets, sampleOf } from "@raingauge/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collect } from "./collect.ts";
import { type CollectorMetrics, collectorMetrics, countedBus, countedStore } from "./metrics.ts";

const started = instant("2026-01-01T00:00:00Z");
const period = { start: started, end: at(started + 3_600_000) };

const reading = (number: number): Sample =>
  sampleOf({
    region: "RegionOne",
    project: `project-${number % 3}`,
    meter: "memory.usage",
    resource: `vm-${number % 7}`,
    at: at(started + number * 1_000),
    value: BigInt(number),
    origin: "poll",
    source: "libvirt",
    stance: "sights",
    dimensions: {},
    sequence: number,
    message: `poll-${number}`,
  });

const message = (samples: readonly Sample[]): Message => {
  const [packet] = packets({ samples, events: [], coverage: [] }, "libvirt");
  if (packet === undefined) throw new RangeError("a message needs samples");
  return packet;
};

const garbled = (number: number): Message => ({
  ...message([reading(number)]),
  id: `garbled-${number}`,
  body: new TextEncoder().encode("{"),
});

type Taking = Pick<Bus, "consume">;
type Keeping = Pick<SampleStore, "append">;

/** Collects until so many messages have met a fate that is final. */
async function collected(bus: Taking, store: Keeping, messages: number, batchMessages = 10): Promise<CollectorMetrics> {
  const counts = collectorMetrics();
  const stop = new AbortController();
  let left = messages;
  const watched: Taking = {
    consume: (handle, options) =>
      bus.consume(async (deliveries) => {
        const fates = await handle(deliveries);
        left -= fates.filter((fate) => fate !== "retry").length;
        if (left <= 0) stop.abort();
        return fates;
      }, options),
  };
  const parts = { bus: countedBus(watched, counts), store: countedStore(store, counts), log: silentLog };
  await collect(parts, { consumer: "collector", batchMessages, signal: stop.signal });
  return counts;
}

/** The named counters, without the labels. */
async function counted(counts: CollectorMetrics): Promise<Record<string, number>> {
  const totals: Record<string, number> = {};
  for (const line of (await counts.text()).split("\n")) {
    const [, name, value] = /^collector_(\w+)_total(?:\{.*\})? (\d+)$/.exec(line) ?? [];
    if (name !== undefined) totals[name] = (totals[name] ?? 0) + Number(value);
  }
  return totals;
}

const stored = async (store: SampleStore): Promise<string[]> =>
  (await store.series({ meter: "memory.usage", period }, EVERYTHING)).map(({ id }) => id).toSorted();

describe("collect", () => {
  it("stores every reading once, whatever comes twice or cannot be read, and accounts for all of it", async () => {
    const what = fc.constantFrom("said", "said", "said", "said again", "garbled");
    const lots = fc.array(fc.tuple(what, fc.nat(50)), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(lots, fc.integer({ min: 1, max: 20 }), async (lot, batchMessages) => {
        await using bus = memoryBus();
        await using store = memoryStore({ clock: () => started });
        let published = 0;
        for (const [index, [kind, number]] of lot.entries()) {
          const said = kind === "garbled" ? garbled(index) : message([reading(number)]);
          const sent = kind === "said again" ? { ...said, id: `${said.id} again ${index}` } : said;
          if ((await bus.publish(sent)) === "stored") published += 1;
        }

        const totals = await counted(await collected(bus, store, published, batchMessages));

        const ids = new Set(lot.filter(([kind]) => kind !== "garbled").map(([, number]) => reading(number).id));
        const lost = lot.filter(([kind]) => kind === "garbled").length;
        expect(await stored(store)).toEqual([...ids].toSorted());
        expect(await Array.fromAsync(bus.rejected())).toHaveLength(lost);
        expect(totals).toMatchObject({ messages_received: published, rows_stored: ids.size });
        expect(of(totals, "messages_received")).toBe(of(totals, "messages_settled") + of(totals, "messages_rejected"));
        expect(of(totals, "rows_received")).toBe(of(totals, "rows_stored") + of(totals, "rows_duplicated"));
      }),
      { numRuns: runs(50) },
    );
  });

  it("sets aside the messages that wake a bug in the store, and stores all others", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 2, maxLength: 30 }), async (poisoned) => {
        fc.pre(poisoned.includes(false));
        await using bus = memoryBus();
        await using store = memoryStore({ clock: () => started });
        const failing: Keeping = {
          append: async (arrivals) => {
            const wakes = arrivals.some(({ batch }) => batch.samples.some(({ value }) => poisoned[Number(value)]));
            if (wakes) throw new TypeError("a bug");
            return store.append(arrivals);
          },
        };
        for (const number of poisoned.keys()) await bus.publish(message([reading(number)]));

        await collected(bus, failing, poisoned.length, poisoned.length);

        const healthy = [...poisoned.keys()].filter((number) => poisoned[number] === false);
        expect(await stored(store)).toEqual(healthy.map((number) => reading(number).id).toSorted());
        const rejected = await Array.fromAsync(bus.rejected());
        expect(rejected).toHaveLength(poisoned.length - healthy.length);
        for (const { reason } of rejected) expect(reason).toBe("store_failed: TypeError: a bug");
      }),
      { numRuns: runs(30) },
    );
  });

  it("stops for a bug that every message wakes, so that the bus keeps them", async () => {
    await using bus = memoryBus();
    for (const number of [1, 2, 3]) await bus.publish(message([reading(number)]));
    const failing: Keeping = { append: () => Promise.reject(new TypeError("a bug")) };

    await expect(collected(bus, failing, 3)).rejects.toThrow("a bug");

    expect(await bus.backlog()).toBe(3);
    expect(await Array.fromAsync(bus.rejected())).toEqual([]);
  });

  it("sets aside a message that stopped the collector by itself again and again", async () => {
    await using bus = memoryBus();
    await bus.publish(message([reading(1)]));
    const failing: Keeping = { append: () => Promise.reject(new TypeError("a bug")) };

    for (const _ of [1, 2, 3]) await expect(collected(bus, failing, 1)).rejects.toThrow("a bug");
    await collected(bus, failing, 1);

    expect(await bus.backlog()).toBe(0);
    expect(await Array.fromAsync(bus.rejected())).toHaveLength(1);
  });

  it("keeps what the store could not take and stores it later", async () => {
    await using bus = memoryBus();
    await using store = memoryStore({ clock: () => started });
    for (let number = 0; number < 5; number += 1) await bus.publish(message([reading(number)]));

    const totals = await counted(await collected(bus, failing(store, 2, new StoreUnavailable("the disk is full")), 5));

    expect(await stored(store)).toHaveLength(5);
    expect(totals).toMatchObject({ messages_settled: 5, rows_stored: 5 });
    expect(of(totals, "messages_retried")).toBeGreaterThan(0);
    expect(of(totals, "messages_received")).toBe(5 + of(totals, "messages_retried"));
    expect(of(totals, "rows_received")).toBe(5 + of(totals, "rows_refused"));
  });

  it("rejects what cannot be read even while the store is away, with the reason and its place", async () => {
    await using bus = memoryBus();
    await using store = memoryStore({ clock: () => started });
    await bus.publish(message([reading(1)]));
    await bus.publish(garbled(2));
    await bus.publish({ ...garbled(3), body: new TextEncoder().encode('{"v":99}') });

    await collected(bus, failing(store, 1, new StoreUnavailable("away")), 3);

    const reasons = (await Array.fromAsync(bus.rejected())).map(({ reason }) => reason);
    expect(reasons).toEqual([
      "not_json: not a JSON document in UTF-8",
      "version_unknown: this is version 99 of a batch; version 1 is understood here",
    ]);
    expect(await stored(store)).toHaveLength(1);
  });

  it("stores a replayed message once it can be read", async () => {
    await using bus = memoryBus();
    await using store = memoryStore({ clock: () => started });
    await bus.publish(message([reading(1)]));
    const stop = new AbortController();
    await bus.consume(
      async (deliveries) => {
        stop.abort();
        return deliveries.map(() => ({ reject: "version_unknown: an older collector" }));
      },
      { consumer: "collector", batchMessages: 1, signal: stop.signal },
    );

    await bus.replay(1n);
    await collected(bus, store, 1);

    expect(await stored(store)).toEqual([reading(1).id]);
  });

  it("consumes again when the bus was lost", async () => {
    await using bus = memoryBus();
    await using store = memoryStore({ clock: () => started });
    await bus.publish(message([reading(1)]));
    let losses = 1;
    const shaky: Taking = {
      consume: async (handle, options) => {
        losses -= 1;
        if (losses === 0) throw new BusUnavailable("the connection was lost");
        return bus.consume(handle, options);
      },
    };

    await collected(shaky, store, 1);

    expect(await stored(store)).toHaveLength(1);
  });

  it("ends on a bug, and leaves the messages on the bus", async () => {
    await using bus = memoryBus();
    await using store = memoryStore({ clock: () => started });
    await bus.publish(message([reading(1)]));

    await expect(collected(bus, failing(store, 1, new TypeError("a bug")), 1)).rejects.toThrow("a bug");

    await collected(bus, store, 1);
    expect(await stored(store)).toHaveLength(1);
  });
});

/** A store that fails so many times and then works. */
function failing(store: Keeping, times: number, error: Error): Keeping {
  let left = times;
  return {
    append: async (arrivals) => {
      left -= 1;
      if (left >= 0) throw error;
      return store.append(arrivals);
    },
  };
}

const of = (totals: Readonly<Record<string, number>>, name: string): number => totals[name] ?? 0;
