import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { at, EVERYTHING, instant, MINUTE_MS, type Sample } from "@raingauge/domain";
import { reading } from "@raingauge/test/generators/reading.ts";
import { expect, it, onTestFinished } from "vitest";
import { duckdbStore } from "./duckdb.ts";

const JANUARY = { start: instant("2026-01-01T00:00:00Z"), end: instant("2026-02-01T00:00:00Z") };
const AROUND = { start: instant("2025-12-31T00:00:00Z"), end: instant("2026-02-03T00:00:00Z") };
const MACHINES = 4;

async function place(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "raingauge-compact-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, "samples.duckdb");
}

/** One poll of all machines, as the collector hears it. */
const poll = (step: number): Sample[] =>
  Array.from({ length: MACHINES }, (_, machine) =>
    ["memory.usage", "cpu"].map((meter) =>
      reading({
        meter,
        resource: `vm-${machine}`,
        at: at(JANUARY.start + step * 20 * MINUTE_MS),
        value: BigInt(machine * 1_000 + (meter === "cpu" ? step * 7 : step % 3)),
        message: `poll-${step}`,
        stance: "sights",
      }),
    ),
  ).flat();

const STEPS = 33 * 24 * 3;

it("a month that is over is written anew, series by series, once, and answers as before", async () => {
  const path = await place();
  let now = instant("2026-02-01T00:00:00Z");
  const clock = () => now;
  const asked = { meter: "cpu", period: AROUND };
  await (async () => {
    await using store = await duckdbStore({ path, clock });
    for (let step = 0; step < STEPS; step += 100) {
      const samples = Array.from({ length: Math.min(100, STEPS - step) }, (_, index) => poll(step + index)).flat();
      await store.append([
        { position: { stream: "s", sequence: BigInt(step) }, batch: { samples, events: [], coverage: [] } },
      ]);
    }
    await store.rollUp();
    const [usage, series] = [
      await store.measure({ period: AROUND }, EVERYTHING),
      await store.series(asked, EVERYTHING),
    ];
    const asOf = await store.watermark();

    now = instant("2026-02-05T00:00:00Z");
    await store.rollUp();

    expect(await store.measure({ period: AROUND }, EVERYTHING)).toEqual(usage);
    expect(await store.measure({ period: AROUND, asOf }, EVERYTHING)).toEqual(usage);
    expect(await store.series(asked, EVERYTHING)).toEqual(series);
    expect(await store.rollUp()).toEqual({ series: 0, hours: 0 });
  })();

  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  const read = await connection.runAndReadAll(`
    select count(*) from (
      select series_id < lag(series_id) over (order by rowid) as jumps from reading where moment < ${JANUARY.end}) where jumps`);
  connection.closeSync();
  instance.closeSync();
  expect(read.getRows()).toEqual([[0n]]);
});
