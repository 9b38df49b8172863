import { EVERYTHING } from "@raingauge/domain";
import { runs } from "@raingauge/test/generators/hunt.ts";
import { minute, NOON, reading } from "@raingauge/test/generators/reading.ts";
import fc from "fast-check";
import { expect, it } from "vitest";
import { rolledNowAndThen } from "../conformance/measuring.ts";
import { arrival, expected, PROPERTY_MS } from "../conformance/terms.ts";
import type { Arrival } from "../store.ts";
import { duckdbStore } from "./duckdb.ts";

const clock = () => NOON;

it("takes whole messages until it has so many readings, and goes on with the others", async () => {
  const told = [0, 70, 130, 190].map((minutes, index) =>
    arrival(index + 1, reading({ at: minute(minutes), value: 1n, meter: "vcpus" })),
  );
  const seriesOf = async (rolledUpAtOnce: number): Promise<number> => {
    await using store = await duckdbStore({ path: ":memory:", clock, rolledUpAtOnce });
    await store.append(told);
    return (await store.rollUp()).series;
  };

  // One by one, the first of them makes no hour yet: it is open how long its value held.
  expect(await Promise.all([1, 2, 3, 4].map(seriesOf))).toEqual([3, 2, 2, 1]);
});

it(
  "rolls up so many readings at a time, with the outcome of all at once",
  async () => {
    const atOnce = fc.integer({ min: 3, max: 20 });
    await fc.assert(
      fc.asyncProperty(rolledNowAndThen, atOnce, async ({ turns, rollAfter, spans }, rolledUpAtOnce) => {
        await using store = await duckdbStore({ path: ":memory:", clock, rolledUpAtOnce });
        const told: Arrival[] = [];
        for (const [turn, arrivals] of turns.entries()) {
          told.push(...arrivals);
          await store.append(arrivals);
          if (rollAfter[turn] === true) await store.rollUp();
        }
        await store.rollUp();
        for (const period of spans)
          expect(await store.measure({ period }, EVERYTHING)).toEqual(expected(told, { period }, EVERYTHING));
      }),
      { numRuns: runs(2) },
    );
  },
  PROPERTY_MS,
);
