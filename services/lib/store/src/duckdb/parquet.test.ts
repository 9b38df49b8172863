import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { type Coverage, EVERYTHING, instant } from "@raingauge/domain";
import { someTurns } from "@raingauge/test/generators/history.ts";
import { runs } from "@raingauge/test/generators/hunt.ts";
import { reading } from "@raingauge/test/generators/reading.ts";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { coverageKey } from "../copy.ts";
import { memoryStore } from "../memory/memory.ts";
import { exportMonths, importFolder } from "../parquet.ts";
import { duckdbStore } from "./duckdb.ts";

const clock = () => instant("2026-03-01T00:00:00Z");
const months = { first: "2026-01", last: "2026-02" };
const period = { start: instant("2026-01-01T00:00:00Z"), end: instant("2026-03-01T00:00:00Z") };

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "raingauge-parquet-'quoted'-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

describe("readings as Parquet", () => {
  it("come back as they went, however often they are taken in", async () => {
    const folder = await emptyFolder();
    await fc.assert(
      fc.asyncProperty(someTurns, async (turns) => {
        await using from = memoryStore({ clock });
        await using to = await duckdbStore({ path: ":memory:", clock });
        await from.append(turns.flat());

        await exportMonths({ from, ...months, folder });
        await importFolder({ to, folder, name: "1" });
        const again = await importFolder({ to, folder, name: "2" });

        expect(again.stored).toBe(0);
        expect(await to.measure({ period }, EVERYTHING)).toEqual(await from.measure({ period }, EVERYTHING));
        expect(await to.events({ period }, EVERYTHING)).toEqual(await from.events({ period }, EVERYTHING));
        expect(distinct(await to.coverage({ period }))).toEqual(distinct(await from.coverage({ period })));
      }),
      { numRuns: runs(4) },
    );
  }, 120_000);

  it("can be read by any program, and are refused where one wrote into them", async () => {
    const folder = await emptyFolder();
    await using from = memoryStore({ clock });
    const samples = [reading({ at: instant("2026-01-05T00:00:00Z"), value: 3n })];
    await from.append([{ position: { stream: "s", sequence: 1n }, batch: { samples, events: [], coverage: [] } }]);
    expect(await exportMonths({ from, ...months, folder })).toEqual({ readings: 1, events: 0, coverages: 0 });

    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const file = `'${join(folder, "readings.parquet").replaceAll("'", "''")}'`;
    const read = await connection.runAndReadAll(
      `select meter, resource, value, dimensions::json ->> 'flavor' from ${file}`,
    );
    expect(read.getRows()).toEqual([["instance", "vm-1", 3n, "m1.small"]]);
    await connection.run(`create table altered as select * replace (4::bigint as value) from ${file}`);
    await connection.run(`copy altered to ${file} (format parquet)`);

    await using to = memoryStore({ clock });
    await expect(importFolder({ to, folder, name: "1" })).rejects.toThrow("is not what it was when it was taken");
  });
});

/** What was told twice is written once. */
const distinct = (told: readonly Coverage[]): Set<string> => new Set(told.map(coverageKey));
