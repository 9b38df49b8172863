import { DuckDBInstance } from "@duckdb/node-api";
import { at, EVERYTHING, HOUR_MS, type Period, projects, type Sample } from "@raingauge/domain";
import { DAYS, samplesOf, someHistories } from "@raingauge/test/generators/history.ts";
import { runs } from "@raingauge/test/generators/hunt.ts";
import { reading } from "@raingauge/test/generators/reading.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrival, clock, hour, hours, PROPERTY_MS } from "../conformance/terms.ts";
import { type Points, pointsOf } from "../points.ts";
import { duckdbStore } from "./duckdb.ts";
import { joined, NOTHING, within } from "./gathered.ts";
import { keptColumns } from "./kept.ts";
import { SCHEMA } from "./schema.ts";

const QUESTIONS: readonly Period[] = [
  DAYS,
  { start: at(DAYS.start + 20 * HOUR_MS), end: DAYS.end },
  { start: at(DAYS.start + 30 * HOUR_MS), end: at(DAYS.start + 40 * HOUR_MS) },
  { start: DAYS.start, end: at(DAYS.end + HOUR_MS) },
];

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

describe("parts of a series", () => {
  const of = (stance: number | undefined, ...moments: number[]) => ({
    claim: 1,
    stance,
    columns: stance === undefined ? NOTHING : { at: Float64Array.from(moments), values: Float64Array.from(moments) },
  });

  it("are what lies between, from the start and to before the end", () => {
    const cut = (start: number, end: number) => {
      const part = within(of(0, 10, 20, 30), { start: at(start), end: at(end) });
      return part && [...part.columns.at];
    };

    expect(cut(10, 30)).toEqual([10, 20]);
    expect(cut(11, 31)).toEqual([20, 30]);
    expect(cut(31, 40)).toBeUndefined();
  });

  it("are nothing that can be drawn by itself when they are not alike", () => {
    expect(joined(of(0, 10), of(0, 20))?.columns.at).toEqual(Float64Array.of(10, 20));
    expect(joined(of(0, 10), of(1, 20))?.stance).toBeUndefined();
    expect(joined(of(undefined), of(0, 20))?.stance).toBeUndefined();
    expect(joined(of(0, 10), { ...of(0, 20), claim: 2 })?.stance).toBeUndefined();
    expect(joined(undefined, undefined)).toBeUndefined();
  });
});

const inOrder = (points: readonly Points[]) =>
  points
    .map(({ at: moments, values, ...subject }) => ({ ...subject, at: [...moments], values: [...values] }))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
