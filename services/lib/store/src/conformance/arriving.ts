import { at, EVERYTHING } from "@raingauge/domain";
import { aSpan, someHistories } from "@raingauge/test/generators/history.ts";
import { LARGE, reading } from "@raingauge/test/generators/reading.ts";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type Exemptions, histories, type Open } from "./place.ts";
import { arrival, arrivalOf, DAY, expected, hour, inColumns, PROPERTY_MS } from "./terms.ts";

/** Promises 1 and 2: what an append changes, and what it does not. */
export function arriving(open: Open, exempt: Exemptions): void {
  it("stores a position once however often it is delivered", async () => {
    await using opened = await open();
    const { store } = opened;
    const told = arrival(1, reading({ at: hour(1) }), reading({ at: hour(2) }));

    expect(await store.append([told])).toEqual({ stored: 2, duplicates: 0 });
    expect(await store.append([told])).toEqual({ stored: 0, duplicates: 2 });
    expect(await store.append([told, told, arrival(2, reading({ at: hour(3) }))])).toEqual({
      stored: 1,
      duplicates: 4,
    });

    expect(await store.series({ meter: "instance", period: DAY }, EVERYTHING)).toHaveLength(3);
  });

  it(
    "takes samples in columns, as the bus brings them, like the same samples one by one",
    async () => {
      await fc.assert(
        fc.asyncProperty(someHistories, aSpan, async (turns, period) => {
          await using opened = await open();
          const { store } = opened;

          for (const arrivals of turns) await store.append(arrivals.map(inColumns));

          expect(await store.measure({ period }, EVERYTHING)).toEqual(expected(turns.flat(), { period }, EVERYTHING));
        }),
        histories(8, exempt),
      );
    },
    PROPERTY_MS,
  );

  it("tells positions of different streams apart", async () => {
    await using opened = await open();
    const { store } = opened;
    const there = { ...arrival(1, reading({ at: hour(2) })), position: { stream: "ELSEWHERE", sequence: 1n } };

    expect(await store.append([arrival(1, reading({ at: hour(1) })), there])).toEqual({ stored: 2, duplicates: 0 });
  });

  it("counts a reading that comes again under another position as a duplicate, and measures it once", async () => {
    await using opened = await open();
    const { store } = opened;
    const told = reading({ at: hour(1) });
    await store.append([arrival(1, told, reading({ at: hour(3) }))]);

    const again = await store.append([arrival(2, { ...told, message: "another", sequence: told.sequence + 1 })]);

    expect(again).toEqual({ stored: 0, duplicates: 1 });
    const [shown] = await store.series({ meter: "instance", period: DAY }, EVERYTHING);
    expect(shown).toEqual(told);
    const [usage] = await store.measure({ meters: ["instance"], period: DAY }, EVERYTHING);
    expect(usage?.evidence.readings).toBe(2);
  });

  it("counts the earliest telling of a reading, whichever arrived first", async () => {
    await using opened = await open();
    const { store } = opened;
    const late = reading({ at: hour(1), sequence: 2, message: "versioned" });
    const early = { ...late, sequence: 1, message: "legacy" };
    await store.append([arrival(1, late)]);

    expect(await store.append([arrival(2, early)])).toEqual({ stored: 0, duplicates: 1 });

    expect(await store.series({ meter: "instance", period: DAY }, EVERYTHING)).toEqual([early]);
  });

  it("stores an event once, by its message id", async () => {
    await using opened = await open();
    const { store } = opened;
    const event = {
      id: "m-1",
      type: "compute.instance.create.end",
      region: "RegionOne",
      source: "nova",
      at: hour(1),
      attributes: { name: "box" },
    };

    expect(await store.append([arrivalOf(1, { events: [event, event] })])).toEqual({ stored: 1, duplicates: 1 });
    expect(await store.append([arrivalOf(2, { events: [event] })])).toEqual({ stored: 0, duplicates: 1 });

    expect(await store.events({ period: DAY }, EVERYTHING)).toEqual([event]);
  });

  it("gives back every reading as it came", async () => {
    await using opened = await open();
    const { store } = opened;
    const told = [
      reading({
        at: hour(1),
        origin: "notification",
        source: "nova",
        transition: "power_off/req-1",
        value: 2n ** 63n - 1n,
      }),
      reading({
        at: hour(2),
        stance: "sights",
        dimensions: LARGE,
        message: "x'); drop table reading; --",
        project: 'o"brien',
      }),
      reading({ at: at(hour(3) + 1), stance: "vanishes", dimensions: {} }),
      reading({ at: hour(4), incarnation: { host: "compute-01", device: "", startedAt: hour(0), witnessed: true } }),
    ];

    await store.append([arrival(1, ...told)]);

    expect(await store.series({ meter: "instance", period: DAY }, EVERYTHING)).toEqual(told);
  });

  it("keeps the readings of a meter that nobody knows, and measures nothing of them", async () => {
    await using opened = await open();
    const { store } = opened;
    const told = reading({ at: hour(1), meter: "tomorrows.meter" });
    await store.append([arrival(1, told, reading({ at: hour(30), meter: "tomorrows.meter" }))]);
    await store.rollUp();

    expect(await store.series({ meter: "tomorrows.meter", period: DAY }, EVERYTHING)).toEqual([told]);
    expect(await store.measure({ period: DAY }, EVERYTHING)).toEqual([]);
    expect(await store.measure({ meters: ["tomorrows.meter"], period: DAY }, EVERYTHING)).toEqual([]);
  });

  it("says nothing of an empty store", async () => {
    await using opened = await open();
    const { store } = opened;

    expect(await store.append([])).toEqual({ stored: 0, duplicates: 0 });
    expect(await store.measure({ period: DAY }, EVERYTHING)).toEqual([]);
    expect(await store.projects(DAY, EVERYTHING)).toEqual([]);
    expect(await store.rollUp()).toEqual({ series: 0, hours: 0 });
  });
}
