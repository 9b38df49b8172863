import { at, EVERYTHING, HOUR_MS } from "@raingauge/domain";
import { minute, NOON, reading } from "@raingauge/test/generators/reading.ts";
import { expect, it } from "vitest";
import { arrivalOf } from "../conformance/terms.ts";
import { duckdbStore } from "./duckdb.ts";

/** As many series as fill what DuckDB calls a row group. */
const MACHINES = 122_880;
const HOURS = 5;
const LATE = 2;

it("rolls up an hour that came late for more machines than a row group has rows", async () => {
  await using store = await duckdbStore({ path: ":memory:", clock: () => NOON });
  const poll = (hour: number) =>
    arrivalOf(hour + 1, {
      samples: Array.from({ length: MACHINES }, (_, index) =>
        reading({ at: minute(60 * hour), resource: `vm-${index}`, meter: "vcpus", value: 2n }),
      ),
    });
  for (let hour = 0; hour < HOURS; hour += 1) if (hour !== LATE) await store.append([poll(hour)]);
  await store.rollUp();

  await store.append([poll(LATE)]);
  await store.rollUp();

  const period = { start: minute(0), end: at(minute(0) + HOURS * HOUR_MS) };
  const told = await store.totals({ period, by: ["project"] }, EVERYTHING);
  expect(told.map(({ evidence }) => evidence.readings)).toEqual([HOURS * MACHINES]);
});
