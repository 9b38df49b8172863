import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { at, EVERYTHING, HOUR_MS, type Period, projects, type Sample } from "@raingauge/domain";
import { DAYS, PROJECTS, samplesOf, someHistories } from "@raingauge/test/generators/history.ts";
import { runs } from "@raingauge/test/generators/hunt.ts";
import { reading } from "@raingauge/test/generators/reading.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrival, clock, hour, hours, PROPERTY_MS } from "../conformance/terms.ts";
import { type Points, pointsOf } from "../points.ts";
import { duckdbStore } from "./duckdb.ts";
import { keptColumns } from "./kept.ts";
import { SCHEMA } from "./schema.ts";

const QUESTIONS: readonly Period[] = [
  DAYS,
  { start: at(DAYS.start + 20 * HOUR_MS), end: DAYS.end },
  { start: at(DAYS.start + 30 * HOUR_MS), end: at(DAYS.start + 40 * HOUR_MS) },
  { start: DAYS.start, end: at(DAYS.end + HOUR_MS) },
  { start: at(DAYS.end - HOUR_MS), end: at(DAYS.end + HOUR_MS) },
];

/** What is done to a store between two questions. */
const aTurn = fc.record({
  frozen: fc.option(fc.nat({ max: 80 }), { freq: 5 }),
  rolled: fc.boolean(),
  asked: fc.array(fc.nat(), { minLength: 1, maxLength: 2 }),
});

describe("columns that were gathered before", () => {
  it(
    "are what the specification draws, whatever came meanwhile, and to whoever asks",
    async () => {
      await fc.assert(
        fc.asyncProperty(someHistories, fc.array(fc.nat(), { minLength: 1, maxLength: 2 }), async (turns, asked) => {
          await using store = await duckdbStore({ path: ":memory:", clock });
          const told: Sample[] = [];
          // The first one is asked for twice in any case, and so is kept.
          const questions = [0, 0, ...asked].map((number) => QUESTIONS[number % QUESTIONS.length] as Period);
          for (const arrivals of turns) {
            await store.append(arrivals);
            told.push(...samplesOf(arrivals));
            for (const meter of new Set(told.map((sample) => sample.meter)))
              for (const [index, period] of questions.entries()) {
                const scope = index % 3 === 2 ? projects("acme") : EVERYTHING;
                const mine = told.filter((sample) => sample.meter === meter);
                expect(inOrder(await store.points({ meter, period }, scope))).toEqual(
                  inOrder(pointsOf(mine, period, scope)),
                );
              }
          }
        }),
        { numRuns: runs(3) },
      );
    },
    PROPERTY_MS,
  );

  it(
    "are what is gathered anew, whatever was rolled up, written anew and removed between two questions",
    async () => {
      await fc.assert(
        fc.asyncProperty(someHistories, fc.array(aTurn, { minLength: 8, maxLength: 8 }), async (turns, plot) => {
          await using store = await duckdbStore({ path: ":memory:", clock });
          const meters = new Set(samplesOf(turns.flat()).map(({ meter }) => meter));
          let strangers = 0;
          for (const [turn, { frozen, rolled, asked }] of plot.entries()) {
            await store.append(turns[turn] ?? []);
            if (rolled) await store.rollUp(); // By this clock both months are over: the first time it writes them anew.
            if (frozen !== null) await store.freeze(at(DAYS.start + frozen * HOUR_MS));
            for (const meter of meters)
              for (const number of [0, ...asked]) {
                const question = { meter, period: QUESTIONS[number % QUESTIONS.length] as Period };
                strangers += 1; // Nobody asked for just these projects before, so nothing is kept for them.
                expect(inOrder(await store.points(question, EVERYTHING))).toEqual(
                  inOrder(await store.points(question, projects(...PROJECTS, `stranger-${strangers}`))),
                );
              }
          }
        }),
        { numRuns: runs(3) },
      );
    },
    PROPERTY_MS,
  );

  it(
    "are of one state of the store each time, whatever is stored while they are asked for",
    async () => {
      await fc.assert(
        fc.asyncProperty(someHistories, async (turns) => {
          await using store = await duckdbStore({ path: ":memory:", clock });
          const [meter = "instance"] = samplesOf(turns.flat()).map((sample) => sample.meter);
          for (const [turn, arrivals] of turns.entries()) {
            const told = [turn, turn + 1].map((count) => samplesOf(turns.slice(0, count).flat()));
            const appended = store.append(arrivals);
            const answers = QUESTIONS.flatMap((period) =>
              [1, 2].map(async () => ({ period, drawn: inOrder(await store.points({ meter, period }, EVERYTHING)) })),
            );
            for (const { period, drawn } of await Promise.all(answers))
              expect(
                told.map((samples) =>
                  inOrder(
                    pointsOf(
                      samples.filter((sample) => sample.meter === meter),
                      period,
                      EVERYTHING,
                    ),
                  ),
                ),
              ).toContainEqual(drawn);
            await appended;
          }
        }),
        { numRuns: runs(3) },
      );
    },
    PROPERTY_MS,
  );

  it("are not of what came before the period, where all of it is later than what is kept", async () => {
    await using store = await duckdbStore({ path: ":memory:", clock });
    await store.append([arrival(1, ...[20, 22.5, 23.5].map((moment) => reading({ at: hour(moment) })))]);
    const ask = async (period: Period) =>
      (await store.points({ meter: "instance", period }, EVERYTHING)).map((points) => [...points.at]);
    for (const _ of [1, 2]) await ask(hours(0, 24));

    expect(await ask(hours(23, 25))).toEqual([[hour(23.5)]]);
  });

  it("are not of what came later, to whoever began to ask before it came", async () => {
    const instance = await DuckDBInstance.create(":memory:");
    const [early, late] = [await instance.connect(), await instance.connect()];
    await late.run(SCHEMA);
    for (const connection of [early, late]) await connection.run("create temp table standing as select 1 as series_id");
    const kept = keptColumns();
    const ask = async (connection: DuckDBConnection): Promise<number[]> => {
      const series = await kept.gather(connection, "one", hours(0, 24), async () => {
        const { currentRowCount } = await connection.runAndReadAll("from telling");
        const columns = { at: Float64Array.of(hour(currentRowCount)), values: Float64Array.of(1) };
        return new Map([[1, { claim: 1, stance: 1, columns }]]);
      });
      return [...(series.get(1)?.columns.at ?? [])];
    };
    await early.run("begin transaction");
    await early.run("from telling");
    await late.run("insert into telling values (7, 'later', 0, null, 0)");

    const answers = [await ask(late), await ask(late), await ask(early)];

    expect(answers).toEqual([[hour(1)], [hour(1)], [hour(0)]]);
    for (const connection of [early, late]) connection.closeSync();
    instance.closeSync();
  });

  it("are not those of a reading that was removed", async () => {
    let now = hour(0);
    await using store = await duckdbStore({ path: ":memory:", clock: () => now });
    await store.append([arrival(1, ...[1, 3, 5, 9, 13, 20].map((moment) => reading({ at: hour(moment) })))]);
    const ask = async (region?: "RegionOne") =>
      (await store.points({ meter: "instance", period: hours(0, 24), ...(region && { region }) }, EVERYTHING))[0];
    const before = [await ask(), await ask(), await ask()];

    now = hour(30);
    const { removed } = await store.freeze(hour(12));
    const after = await ask();

    expect(removed).toBeGreaterThan(0);
    expect(before.map((points) => points?.at.length)).toEqual([6, 6, 6]);
    expect(after?.at).toHaveLength(6 - removed);
    expect(after).toEqual(await ask("RegionOne"));
  });

  it("are forgotten, what was asked for longest ago first, and answers of nothing like any other", async () => {
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(SCHEMA);
    await connection.run("create temp table standing (series_id integer)");
    const kept = keptColumns(10_000);
    const read: Period[] = [];
    const ask = (key: string) =>
      kept.gather(connection, key, hours(0, 24), async (period) => {
        read.push(period);
        return new Map();
      });
    for (let number = 0; number < 20; number += 1) for (const _ of [1, 2]) await ask(`${number}`);

    read.length = 0;
    await ask("19");
    await ask("0");

    expect(read).toEqual([hours(22, 24), hours(0, 24)]);
    connection.closeSync();
    instance.closeSync();
  });

  it("may be taken away by whoever is given them", async () => {
    await using store = await duckdbStore({ path: ":memory:", clock });
    await store.append([arrival(1, ...[1, 5, 9].map((moment) => reading({ at: hour(moment) })))]);
    const ask = async () => (await store.points({ meter: "instance", period: hours(0, 24) }, EVERYTHING))[0] as Points;

    for (const _ of [1, 2, 3, 4]) {
      const { at: moments, values } = await ask();
      expect(moments).toHaveLength(3);
      structuredClone(moments, { transfer: [moments.buffer, values.buffer] });
    }
  });
});

const inOrder = (points: readonly Points[]) =>
  points
    .map(({ at: moments, values, ...subject }) => ({ ...subject, at: [...moments], values: [...values] }))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
