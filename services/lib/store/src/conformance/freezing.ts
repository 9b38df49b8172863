import { at, EVERYTHING, type Instant, instant, type Period, projects } from "@raingauge/domain";
import { aSpan, DAYS, someHistories } from "@raingauge/test/generators/history.ts";
import { LARGE, reading } from "@raingauge/test/generators/reading.ts";
import fc from "fast-check";
import { expect, it } from "vitest";
import { memoryStore } from "../memory/memory.ts";
import { HoursFrozen, type SampleStore } from "../store.ts";
import { type Exemptions, histories, named, type Place } from "./place.ts";
import {
  arrival,
  arrivalOf,
  aScope,
  DAY,
  expected,
  hour,
  hours,
  listening,
  PROPERTY_MS,
  polling,
  quantities,
} from "./terms.ts";

/** Promises 9 and 10: what stays of the past, and what comes too late for it. */
export function freezing(place: () => Promise<Place>, exempt: Exemptions): void {
  const { forgets, freezesNothing } = exempt;
  if (freezesNothing !== undefined) {
    it.skip(named("freezes hours and removes readings", freezesNothing), () => undefined);
    return;
  }

  /** A store whose clock stands where the test puts it: readings are removed by when they were stored, too. */
  const opened = async (): Promise<Timed> => {
    const here = await place();
    let now = hour(0);
    const store = await here.open(() => now);
    return {
      store,
      here,
      isNow: (moment) => {
        now = moment;
      },
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]().then(() => here[Symbol.asyncDispose]()),
    };
  };

  it(
    "answers like the plainest store, whatever came before and after the hours were frozen",
    async () => {
      const plot = fc.record({
        turns: someHistories,
        freezeAfter: fc.array(fc.option(fc.nat(72), { freq: 1 }), { minLength: 8, maxLength: 8 }),
        rollAfter: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        span: aSpan,
      });
      await fc.assert(
        fc.asyncProperty(plot, aScope, async ({ turns, freezeAfter, rollAfter, span }, scope) => {
          await using timed = await opened();
          let now = DAYS.start;
          await using plain = memoryStore({ clock: () => now });
          for (const [turn, arrivals] of turns.entries()) {
            now = at(DAYS.start + turn * 9 * 3_600_000);
            timed.isNow(now);
            const results = await both(plain, timed.store, (store) => store.append(arrivals));
            expect(results[1]).toEqual(results[0]);
            if (rollAfter[turn] === true) await timed.store.rollUp();
            const frozen = freezeAfter[turn] ?? undefined;
            if (frozen !== undefined)
              await both(plain, timed.store, (store) => store.freeze(at(DAYS.start + frozen * 3_600_000 + 7)));

            if (frozen === undefined && turn < turns.length - 1) continue;
            for (const ask of QUESTIONS(span, scope)) {
              const [told, found] = await both(plain, timed.store, ask);
              expect(found).toEqual(told);
            }
          }
        }),
        histories(8, exempt),
      );
    },
    PROPERTY_MS,
  );

  it(
    "leaves every hour as it was measured, the frozen ones and those after, to the last unit",
    async () => {
      await fc.assert(
        fc.asyncProperty(someHistories, fc.nat(72), async (turns, horizon) => {
          await using timed = await opened();
          const { store, isNow } = timed;
          const told = turns.flat();
          await store.append(told);
          isNow(at(DAYS.end + 1));
          await store.freeze(at(DAYS.start + horizon * 3_600_000));

          for (const period of [DAYS, { start: DAYS.start, end: at(DAYS.start + horizon * 3_600_000 + 3_600_000) }])
            expect(await store.measure({ period }, EVERYTHING)).toEqual(expected(told, { period }, EVERYTHING));
        }),
        histories(5, exempt),
      );
    },
    PROPERTY_MS,
  );

  it("bills a volume that was created long before the horizon, from its start, its size and its last sighting", async () => {
    await using timed = await opened();
    const { store, isNow } = timed;
    const volume = { meter: "volume.size", resource: "disk-1", origin: "api", source: "cinder" } as const;
    const created = reading({ ...volume, at: instant("2024-01-01T00:00:00Z"), value: 4n });
    const extended = reading({ ...volume, at: instant("2024-03-01T00:00:00Z"), value: 9n });
    const seen = [1, 4, 7, 10, 13, 16].map((each) => reading({ ...volume, at: hour(each), stance: "sights" }));
    isNow(instant("2024-03-01T00:00:00Z"));
    await store.append([arrival(1, created, extended)]);
    isNow(hour(8));
    await store.append([arrival(2, ...seen.slice(0, 4))]);
    const told = [arrival(1, created, extended, ...seen)];

    expect(await store.freeze(hour(9))).toEqual({ horizon: hour(9), removed: 2 });
    isNow(hour(17));
    await store.append([arrival(3, ...seen.slice(4))]);

    expect((await store.series({ meter: "volume.size", period: DAY }, EVERYTHING)).map((each) => each.at)).toEqual([
      ...[extended, seen[2], ...seen.slice(3)].map((each) => each?.at),
    ]);
    for (const period of [hours(9, 12), hours(0, 16), { start: created.at, end: hour(16) }])
      expect(await store.measure({ period }, EVERYTHING)).toEqual(expected(told, { period }, EVERYTHING));
    expect(await store.resources({ period: DAY }, EVERYTHING)).toMatchObject([{ id: "disk-1", firstSeen: created.at }]);
  });

  it("freezes what only a listener holds open, and goes on holding it", async () => {
    await using timed = await opened();
    const { store, isNow } = timed;
    await store.append([arrivalOf(1, { samples: [reading({ at: hour(1) })], coverage: [listening(hours(0, 30))] })]);
    await store.rollUp();
    isNow(hour(30));

    await store.freeze(hour(24));
    await store.append([arrivalOf(2, { coverage: [listening(hours(30, 40))] })]);

    expect(quantities(await store.measure({ period: hours(0, 24) }, EVERYTHING))).toEqual([23n]);
    expect(quantities(await store.measure({ period: hours(20, 48) }, EVERYTHING))).toEqual([20n]);
    await store.append([arrival(3, reading({ at: hour(36), stance: "ends" }))]);
    await store.rollUp();
    expect(quantities(await store.measure({ period: hours(20, 48) }, EVERYTHING))).toEqual([16n]);
  });

  it("keeps an end mark, so that what is read of a dead machine later counts for nothing", async () => {
    await using timed = await opened();
    const { store, isNow } = timed;
    await store.append([arrival(1, reading({ at: hour(1) }), reading({ at: hour(3), stance: "ends" }))]);
    isNow(hour(48));
    await store.freeze(hour(24));

    await store.append([arrival(2, reading({ at: hour(30) }), reading({ at: hour(31) }))]);

    const [usage] = await store.measure({ period: hours(24, 48) }, EVERYTHING);
    expect([usage?.quantity, usage?.evidence.afterEnd]).toEqual([0n, 2]);
  });

  it("keeps what was in force at an end that was told after its hour was over, so that what comes later is of the same", async () => {
    await using timed = await opened();
    const { store, isNow } = timed;
    const told = [
      reading({ at: hour(0), dimensions: LARGE }),
      reading({ at: hour(36) }),
      reading({ at: hour(36.1), project: "globex" }),
      reading({ at: hour(36), stance: "ends" }),
      reading({ at: hour(38), stance: "sights" }),
    ];
    await store.append([arrival(1, ...told.slice(0, 3))]);
    isNow(hour(38));
    await store.append([arrival(2, ...told.slice(3))]);
    isNow(hour(40));
    await store.freeze(hour(37));

    for (const period of [hours(37, 40), hours(0, 40)])
      expect(await store.measure({ period }, EVERYTHING)).toEqual(
        expected([arrival(1, ...told)], { period }, EVERYTHING),
      );
  });

  it("stores a reading for a frozen hour, counts it, tells of it and lets it change no frozen hour", async () => {
    await using timed = await opened();
    const { store, isNow } = timed;
    const told = [1, 5, 30].map((each) => reading({ at: hour(each) }));
    await store.append([arrivalOf(1, { samples: told, coverage: [polling(hours(0, 48))] })]);
    isNow(hour(40));
    await store.freeze(hour(24));
    const before = await store.measure({ period: hours(0, 24) }, EVERYTHING);
    const late = [
      reading({ at: hour(9) }),
      reading({ at: hour(12) }),
      reading({ at: hour(12), resource: "vm-2", project: "globex" }),
    ];

    expect(await store.append([arrival(2, ...late, reading({ at: hour(31) }))])).toEqual({
      stored: 4,
      duplicates: 0,
      late: 3,
    });
    expect(await store.append([arrival(3, ...late)])).toEqual({ stored: 0, duplicates: 3 });
    await store.rollUp();

    expect(await store.measure({ period: hours(0, 24) }, EVERYTHING)).toEqual(before);
    const mine = { region: "RegionOne", project: "acme", meter: "instance", resource: "vm-1" };
    const theirs = { ...mine, project: "globex", resource: "vm-2", readings: 1, first: hour(12), last: hour(12) };
    expect(await store.late(DAY, EVERYTHING)).toEqual([
      { ...mine, readings: 2, first: hour(9), last: hour(12) },
      theirs,
    ]);
    expect(await store.late(hours(10, 24), projects("globex"))).toEqual([theirs]);
    expect(await store.late(hours(24, 48), EVERYTHING)).toEqual([]);
    expect((await store.series({ meter: "instance", period: DAY }, EVERYTHING)).map(({ id }) => id)).toEqual(
      expect.arrayContaining(late.map(({ id }) => id)),
    );
  });

  it("removes a late reading once the horizon has passed the instant of its storing", async () => {
    await using timed = await opened();
    const { store, isNow } = timed;
    await store.append([arrival(1, reading({ at: hour(1) }), reading({ at: hour(5) }))]);
    isNow(hour(30));
    await store.freeze(hour(24));
    await store.append([arrival(2, reading({ at: hour(3) }))]);

    await store.freeze(hour(30));
    expect(await store.late(DAY, EVERYTHING)).toHaveLength(1);
    isNow(hour(50));
    expect(await store.freeze(hour(48))).toEqual({ horizon: hour(48), removed: 1 });

    expect(await store.late(DAY, EVERYTHING)).toEqual([]);
  });

  it("shares a frozen hour out by time where a period's edge cuts it, so that adjacent periods add up", async () => {
    await using timed = await opened();
    const { store, isNow } = timed;
    await store.append([
      arrivalOf(1, { samples: [reading({ at: hour(1) }), reading({ at: hour(3.75), stance: "ends" })] }),
    ]);
    isNow(hour(48));
    await store.freeze(hour(24));

    const asked = async (period: Period): Promise<bigint> =>
      (await store.measure({ period }, EVERYTHING)).reduce((sum, { quantity }) => sum + quantity, 0n);

    expect(await asked(hours(3, 3.5))).toBe(BigInt(0.375 * 3_600_000));
    expect((await asked(hours(0.5, 3.3))) + (await asked(hours(3.3, 9.1)))).toBe(await asked(hours(0, 24)));
  });

  it("answers as of a watermark since the horizon as it did then, and refuses what nobody can tell any more", async () => {
    await using timed = await opened();
    const { store, isNow } = timed;
    isNow(hour(3));
    await store.append([
      arrivalOf(1, { samples: [reading({ at: hour(1) })], coverage: [polling(hours(0, 48), 93_600)] }),
    ]);
    const early = await store.watermark();
    isNow(hour(36));
    await store.append([arrival(2, reading({ at: hour(26), stance: "sights" }))]);
    const pinned = { period: hours(24, 30), asOf: await store.watermark() };
    const known = await store.measure(pinned, EVERYTHING);
    await store.append([arrival(3, reading({ at: hour(20), stance: "ends" }))]);
    isNow(hour(60));
    await store.freeze(hour(24));

    expect(await store.measure(pinned, EVERYTHING)).toEqual(known);
    expect(await store.measure({ period: pinned.period }, EVERYTHING)).not.toEqual(known);
    const asOf = await store.watermark();
    expect(await store.measure({ period: DAY, asOf }, EVERYTHING)).toEqual(
      await store.measure({ period: DAY }, EVERYTHING),
    );
    for (const refused of [
      { period: DAY, asOf: pinned.asOf },
      { period: hours(23.5, 30), asOf: pinned.asOf },
      { period: hours(24, 30), asOf: early },
    ]) {
      await expect(store.measure(refused, EVERYTHING)).rejects.toBeInstanceOf(HoursFrozen);
      await expect(store.series({ meter: "instance", ...refused }, EVERYTHING)).rejects.toBeInstanceOf(HoursFrozen);
    }
  });

  it("never moves its horizon back, and cuts it down to the hour", async () => {
    await using timed = await opened();
    const { store, isNow } = timed;
    expect(await store.frozen()).toBeUndefined();
    await store.append([arrival(1, reading({ at: hour(1) }))]);
    isNow(hour(48));

    expect(await store.freeze(hour(24.7))).toEqual({ horizon: hour(24), removed: 0 });
    expect(await store.freeze(hour(12))).toEqual({ horizon: hour(24), removed: 0 });

    expect(await store.frozen()).toEqual({ horizon: hour(24), since: await store.watermark() });
  });

  it.skipIf(forgets !== undefined)(
    named("has frozen what it had frozen when it is opened again", forgets),
    async () => {
      await using here = await place();
      const before = await here.open(() => hour(40));
      await before.append([arrival(1, reading({ at: hour(1) }), reading({ at: hour(2) }), reading({ at: hour(9) }))]);
      await before.freeze(hour(24));
      const [frozen, usage] = [await before.frozen(), await before.measure({ period: DAY }, EVERYTHING)];
      await before[Symbol.asyncDispose]();

      await using after = await here.open(() => hour(40));

      expect(await after.frozen()).toEqual(frozen);
      expect(await after.watermark()).toBe(frozen?.since);
      expect(await after.measure({ period: DAY }, EVERYTHING)).toEqual(usage);
      expect(await after.append([arrival(2, reading({ at: hour(3) }))])).toEqual({ stored: 1, duplicates: 0, late: 1 });
      expect(await after.measure({ period: DAY }, EVERYTHING)).toEqual(usage);
    },
  );
}

interface Timed extends AsyncDisposable {
  readonly store: SampleStore;
  readonly here: Place;
  isNow(moment: Instant): void;
}

const both = <T>(plain: SampleStore, store: SampleStore, ask: (store: SampleStore) => Promise<T>): Promise<T[]> =>
  Promise.all([plain, store].map(ask));

/** What two stores must answer alike. */
const QUESTIONS = (period: Period, scope: Parameters<SampleStore["measure"]>[1]) => [
  (store: SampleStore): Promise<unknown> => store.measure({ period }, scope),
  (store: SampleStore): Promise<unknown> => store.measure({ period, region: "RegionOne", resource: "thing-1" }, scope),
  (store: SampleStore): Promise<unknown> => store.series({ meter: "instance", period }, scope),
  (store: SampleStore): Promise<unknown> => store.projects(period, scope),
  (store: SampleStore): Promise<unknown> => store.late(period, scope),
];
