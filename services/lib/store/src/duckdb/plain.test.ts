import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { type Coverage, EVERYTHING, type Sample } from "@raingauge/domain";
import { runs } from "@raingauge/test/generators/hunt.ts";
import { LARGE, reading, SMALL } from "@raingauge/test/generators/reading.ts";
import fc from "fast-check";
import { expect, it } from "vitest";
import { arrivalOf, clock, DAY, expected, hour, hours, listening, PROPERTY_MS, polling } from "../conformance/terms.ts";
import type { Arrival, SampleStore } from "../store.ts";
import { duckdbStore } from "./duckdb.ts";

/** Minutes of the day at which one meter of one machine was read, in their order. */
const aLine = fc
  .record({
    meter: fc.constantFrom("instance", "instance", "memory.usage", "cpu", "cpu"),
    resource: fc.constantFrom("box-1", "box-2", "box-3"),
    minutes: fc.uniqueArray(fc.integer({ min: 0, max: 24 * 60 }), { minLength: 1, maxLength: 30 }),
    says: fc.array(
      fc.record({
        stance: fc.constantFrom("sights" as const, "sights" as const, "states" as const),
        value: fc.bigInt({ min: 0n, max: 2n ** 40n }),
        dimensions: fc.constantFrom(SMALL, LARGE),
        project: fc.constantFrom("acme", "acme", "globex"),
      }),
      { minLength: 30, maxLength: 30 },
    ),
    witnessed: fc.boolean(),
    startedMinute: fc.integer({ min: -90, max: 60 }),
    ends: fc.boolean(),
    grows: fc.boolean(),
  })
  .map(({ minutes, says, meter, resource, witnessed, startedMinute, ends, grows }): Sample[] => {
    const inOrder = minutes.toSorted((a, b) => a - b);
    const counted = meter === "cpu";
    return inOrder.map((minute, index) => {
      const { stance, value, dimensions, project } = says[index] as (typeof says)[number];
      const isEnd = ends && !counted && index === inOrder.length - 1;
      return reading({
        ...{ meter, resource, project, dimensions, at: hour(minute / 60), stance: isEnd ? "ends" : stance },
        value: counted && grows ? value + BigInt(index) * 2n ** 41n : value,
        ...(counted
          ? { incarnation: { host: "compute-01", device: "", startedAt: hour(startedMinute / 60), witnessed } }
          : {}),
      });
    });
  });

/** Whoever was read twice at one instant is no plain series, and is told beside the others. */
const lines = fc.array(aLine, { minLength: 1, maxLength: 4 });

const someCoverage: fc.Arbitrary<Coverage[]> = fc.subarray([
  listening(hours(0, 6)),
  listening(hours(7, 24)),
  polling(hours(0, 24)),
  polling(hours(9, 24), 5_400),
]);

it(
  "rolls up what is polled again and again, and rolled up between, as the domain measures it",
  async () => {
    await fc.assert(
      fc.asyncProperty(
        lines,
        someCoverage,
        fc.uniqueArray(fc.integer({ min: 1, max: 23 }), { minLength: 1, maxLength: 3 }),
        fc.nat({ max: 8 }),
        async (told, coverage, cuts, late) => {
          await using store = await duckdbStore({ path: ":memory:", clock });
          const edges = [0, ...cuts.toSorted((a, b) => a - b), 25].map(hour);
          const arrivals: Arrival[] = [arrivalOf(1, { coverage })];
          await store.append(arrivals);
          let waiting = told.flat();
          for (const [index, until] of edges.slice(1).entries()) {
            const isLate = ({ at: moment }: Sample): boolean => until < hour(25) && (moment / 60_000) % 9 === late;
            const samples = waiting.filter((each) => each.at < until && !isLate(each));
            waiting = waiting.filter((each) => !samples.includes(each));
            const next = arrivalOf(index + 2, { samples });
            arrivals.push(next);
            await store.append([next]);
            await store.rollUp();
            await agree(store, arrivals);
          }
        },
      ),
      { numRuns: runs(8) },
    );
  },
  PROPERTY_MS,
);

async function agree(store: SampleStore, told: readonly Arrival[]): Promise<void> {
  for (const period of [DAY, hours(5, 11), hours(3.5, 22.25), hours(0, 48)])
    expect(await store.measure({ period }, EVERYTHING)).toEqual(expected(told, { period }, EVERYTHING));
}

/** Every ten minutes: a machine that was stated once, one that never was, a measured value and a counter. */
const polled = (from: number, to: number): Sample[] =>
  Array.from({ length: Math.round((to - from) * 6) }, (_, index) => from + index / 6).flatMap((each) => [
    reading({ at: hour(each), stance: each === 0 ? "states" : "sights", value: each === 0 ? 4n : 9n }),
    reading({ at: hour(each), resource: "vm-2", stance: "sights", value: 3n }),
    reading({ at: hour(each), meter: "memory.usage", value: BigInt(Math.round(each * 100)) }),
    reading({ at: hour(each), meter: "cpu", value: BigInt(Math.round(each * 1_000)), incarnation: LIFE }),
  ]);

const LIFE = { host: "compute-01", device: "", startedAt: hour(0), witnessed: true };

const WATCHED = arrivalOf(1, { coverage: [polling(hours(0, 24))] });

const whole = { start: hour(0), end: hour(9) };

it("rolls up what comes in the order of things from what was noted, without the readings before", async () => {
  await using place = await file();
  const told = [WATCHED, arrivalOf(2, { samples: polled(0, 6) }), arrivalOf(3, { samples: polled(6, 9) })];
  await place.open(async (store) => {
    await store.append(told.slice(0, 2));
    await store.rollUp();
  });
  await place.alter(`delete from reading where moment < ${hour(5)}`);

  await place.open(async (store) => {
    await store.append(told.slice(2));
    const report = await store.rollUp();

    // From the last reading's hour on to the end of what was read last, or of how long that holds.
    expect(report).toEqual({ series: 4, hours: 5 + 5 + 5 + 4 });
    expect(await store.measure({ period: whole }, EVERYTHING)).toEqual(expected(told, { period: whole }, EVERYTHING));
  });
});

it.each([
  { what: "an hour", from: 4, to: 5, hours: 2 },
  { what: "a single reading", from: 4.5, to: 4.6, hours: 1 },
])("rolls up $what that came late from the readings around it", async ({ from, to, hours: dirty }) => {
  await using place = await file();
  const isLate = ({ at: moment }: Sample): boolean => moment >= hour(from) && moment < hour(to);
  const told = [
    WATCHED,
    arrivalOf(2, { samples: polled(0, 9).filter((each) => !isLate(each)) }),
    arrivalOf(3, { samples: polled(0, 9).filter(isLate) }),
  ];
  await place.open(async (store) => {
    await store.append(told.slice(0, 2));
    await store.rollUp();
  });
  // The statement at the beginning stays: it is still in force.
  await place.alter(`delete from reading where moment < ${hour(1.5)} and moment > ${hour(0)}`);

  await place.open(async (store) => {
    await store.append(told.slice(2));
    const report = await store.rollUp();

    // Of a counter the hour of the next reading as well, which shows how much it grew.
    expect(report).toEqual({ series: 4, hours: 3 * dirty + (dirty === 1 ? 1 : 3) });
    expect(await store.measure({ period: whole }, EVERYTHING)).toEqual(expected(told, { period: whole }, EVERYTHING));
  });
});

it("a question about many machines of which an hour came late has it rolled up first", async () => {
  await using store = await duckdbStore({ path: ":memory:", clock });
  const machines = Array.from({ length: 201 }, (_, index) => `vm-${index}`);
  const said = (from: number, to: number): Sample[] =>
    machines.flatMap((resource) =>
      polled(from, to).flatMap((each) => (each.meter === "cpu" ? { ...each, resource } : [])),
    );
  const told = [
    WATCHED,
    arrivalOf(2, { samples: [...said(0, 2), ...said(3, 5)].map(named) }),
    arrivalOf(3, { samples: said(2, 3).map(named) }),
  ];
  await store.append(told.slice(0, 2));
  await store.rollUp();
  await store.append(told.slice(2));

  const found = await store.measure({ period: hours(0, 5) }, EVERYTHING);

  expect(found).toEqual(expected(told, { period: hours(0, 5) }, EVERYTHING));
  expect(await store.rollUp()).toEqual({ series: 0, hours: 0 });
});

/** Under the identity that is its own. */
const named = ({ id: _, ...said }: Sample): Sample => reading(said);

it("notes nothing of its own beside what a version without such notes rolled up since", async () => {
  await using place = await file();
  const told = [WATCHED, arrivalOf(2, { samples: polled(0, 6) }), arrivalOf(3, { samples: polled(6, 9) })];
  await place.open(async (store) => {
    await store.append(told.slice(0, 2));
    await store.rollUp();
  });
  // As it would be, had that version rolled up what is noted here as another's.
  await place.alter("update rolled_tail set lead_value = 77; update rolled_through set telling_id = telling_id - 1");

  await place.open(async (store) => {
    await store.append(told.slice(2));
    await store.rollUp();

    expect(await store.measure({ period: whole }, EVERYTHING)).toEqual(expected(told, { period: whole }, EVERYTHING));
  });
});

async function file() {
  const folder = await mkdtemp(join(tmpdir(), "raingauge-plain-"));
  const path = join(folder, "samples.duckdb");
  return {
    async open(work: (store: SampleStore) => Promise<void>): Promise<void> {
      await using store = await duckdbStore({ path, clock });
      await work(store);
    },
    /** By somebody who has no business there. */
    async alter(sql: string): Promise<void> {
      const instance = await DuckDBInstance.create(path);
      const connection = await instance.connect();
      await connection.run(sql);
      connection.closeSync();
      instance.closeSync();
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
