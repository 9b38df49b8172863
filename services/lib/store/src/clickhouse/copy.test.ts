import { EVERYTHING, instant } from "@raingauge/domain";
import { type ClickhouseServer, clickhouseServer, describeWith } from "@raingauge/harness";
import { someTurns } from "@raingauge/test/generators/history.ts";
import { runs } from "@raingauge/test/generators/hunt.ts";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PROPERTY_MS } from "../conformance/terms.ts";
import { copyMonths } from "../copy.ts";
import { duckdbStore } from "../duckdb/duckdb.ts";
import type { SampleStore } from "../store.ts";
import { clickhouseStore } from "./clickhouse.ts";
import { newDatabase } from "./fixtures/database.ts";

const clock = () => instant("2026-03-01T00:00:00Z");
const months = { first: "2026-01", last: "2026-02" };
const period = { start: instant("2026-01-01T00:00:00Z"), end: instant("2026-03-01T00:00:00Z") };

await describeWith("chdb", "A DuckDB store that is copied into a ClickHouse", () => {
  let server: ClickhouseServer;
  beforeAll(async () => {
    server = await clickhouseServer();
  });
  afterAll(() => server.stop());

  it(
    "has equal digests there, and again in the DuckDB file that is copied back from it",
    async () => {
      await fc.assert(
        fc.asyncProperty(someTurns, async (turns) => {
          await using from = await duckdbStore({ path: ":memory:", clock });
          await using there = clickhouseStore({ ...(await newDatabase(server)), clock });
          await using back = await duckdbStore({ path: ":memory:", clock });
          await from.append(turns.flat());

          const copied = [
            ...(await Array.fromAsync(copyMonths({ from, to: there, ...months, name: "there" }))),
            ...(await Array.fromAsync(copyMonths({ from: there, to: back, ...months, name: "back" }))),
          ];

          for (const { projects } of copied) {
            for (const { from: here, to } of projects) expect(to).toBe(here);
          }
          expect(await told(back)).toEqual(await told(from));
        }),
        { numRuns: runs(1) },
      );
    },
    PROPERTY_MS,
  );
});

const told = (store: SampleStore) =>
  Promise.all([
    store.measure({ period }, EVERYTHING),
    store.events({ period }, EVERYTHING),
    store.coverage({ period }),
  ]);
