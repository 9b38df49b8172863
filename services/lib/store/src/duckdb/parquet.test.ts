import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { type Coverage, EVERYTHING, type Instant, instant } from "@raingauge/domain";
import { aSpan, someHistories, someTurns } from "@raingauge/test/generators/history.ts";
import { runs } from "@raingauge/test/generators/hunt.ts";
import { reading } from "@raingauge/test/generators/reading.ts";
import { usageDigest } from "@raingauge/wire";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { coverageKey } from "../copy.ts";
import { memoryStore } from "../memory/memory.ts";
import { exportPeriod, importFolder, monthly } from "../parquet.ts";
import { duckdbStore } from "./duckdb.ts";

const clock = () => instant("2026-03-01T00:00:00Z");
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

        await exportPeriod({ from, period, folder });
        await importFolder({ to, folder, name: "1" });
        const again = await importFolder({ to, folder, name: "2" });

        expect(again.stored).toBe(0);
        expect(await to.measure({ period }, EVERYTHING)).toEqual(await from.measure({ period }, EVERYTHING));
        expect(await to.events({ period }, EVERYTHING)).toEqual(await from.events({ period }, EVERYTHING));
        expect(distinct(await to.coverage({ period }))).toEqual(distinct(await from.coverage({ period })));
      }),
      { numRuns: runs(4) },
    );
  });

  it("are carried where nothing is known of a thing but its end, and a look at it after that", async () => {
    const folder = await emptyFolder();
    const [ended, seen] = ["2026-01-05T00:00:00Z", "2026-01-05T01:00:00Z"].map((moment) => instant(moment));
    const samples = [
      reading({ at: ended as Instant, stance: "ends" }),
      reading({ at: seen as Instant, stance: "sights" }),
    ];
    await using from = memoryStore({ clock });
    await using to = await duckdbStore({ path: ":memory:", clock });
    await from.append([{ position: { stream: "s", sequence: 1n }, batch: { samples, events: [], coverage: [] } }]);

    await exportPeriod({ from, period, folder });
    await importFolder({ to, folder, name: "1" });

    const usages = await from.measure({ period }, EVERYTHING);
    expect(usages).toMatchObject([{ quantity: 0n, evidence: { afterEnd: 1 } }]);
    expect(await to.measure({ period }, EVERYTHING)).toEqual(usages);
  });

  it("of any period carry whatever decides its usage, and not the rest", async () => {
    const folder = await emptyFolder();
    await fc.assert(
      fc.asyncProperty(someHistories, aSpan, async (turns, span) => {
        await using from = memoryStore({ clock });
        await using to = await duckdbStore({ path: ":memory:", clock });
        await from.append(turns.flat());

        await exportPeriod({ from, period: span, folder });
        await importFolder({ to, folder, name: "1" });

        expect(usageDigest(await to.measure({ period: span }, EVERYTHING))).toBe(
          usageDigest(await from.measure({ period: span }, EVERYTHING)),
        );
        expect(await to.events({ period }, EVERYTHING)).toEqual(await from.events({ period: span }, EVERYTHING));
      }),
      { numRuns: runs(4) },
    );
  });

  it("of some days leave out what lies before and after and does not hold into them", async () => {
    const folder = await emptyFolder();
    await using from = memoryStore({ clock });
    const days = [3, 4, 5, 6, 7, 8].map((day) => instant(`2026-01-0${day}T12:00:00Z`));
    const samples = days.map((moment) => reading({ at: moment }));
    await from.append([{ position: { stream: "s", sequence: 1n }, batch: { samples, events: [], coverage: [] } }]);
    const span = { start: instant("2026-01-05T00:00:00Z"), end: instant("2026-01-07T00:00:00Z") };

    // Those of the 5th and the 6th, one before that holds into them, and one after that it is held to.
    expect(await exportPeriod({ from, period: span, folder })).toEqual({ readings: 4, events: 0, coverages: 0 });
  });

  it("are read month by month", () => {
    const start = instant("2025-12-31T23:59:59.999Z");
    const january = instant("2026-01-01T00:00:00Z");
    const february = instant("2026-02-01T00:00:00Z");
    const end = instant("2026-02-01T00:00:01Z");

    expect(monthly({ start, end })).toEqual([
      { start, end: january },
      { start: january, end: february },
      { start: february, end },
    ]);
    expect(monthly({ start, end: start })).toEqual([]);
  });

  it("can be read by any program, and are refused where one wrote into them", async () => {
    const folder = await emptyFolder();
    await using from = memoryStore({ clock });
    const samples = [reading({ at: instant("2026-01-05T00:00:00Z"), value: 3n })];
    await from.append([{ position: { stream: "s", sequence: 1n }, batch: { samples, events: [], coverage: [] } }]);
    expect(await exportPeriod({ from, period, folder })).toEqual({ readings: 1, events: 0, coverages: 0 });

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
