import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { EVERYTHING, HOUR_MS, meterNamed } from "@raingauge/domain";
import { minute, NOON, reading } from "@raingauge/test/generators/reading.ts";
import { identitiesOf } from "@raingauge/wire";
import { expect, it, onTestFinished } from "vitest";
import { duckdbStore } from "./duckdb.ts";

const clock = () => NOON;
const day = { start: minute(-720), end: minute(720) };

it.each(["value = value + 1", "moment = moment + 1", "stance = 0"])(
  "gives a row that was altered where it rests (%s) another name than its own",
  async (alteration) => {
    const folder = await mkdtemp(join(tmpdir(), "raingauge-altered-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, "samples.duckdb");
    const told = reading({ at: minute(1), value: 3n, meter: "memory.usage" });
    expect(meterNamed(told.meter)?.kind).toBe("gauge");
    {
      await using store = await duckdbStore({ path, clock });
      await store.append([
        { position: { stream: "RAINGAUGE", sequence: 1n }, batch: { samples: [told], events: [], coverage: [] } },
      ]);
    }
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run(`update reading set ${alteration}`);
    connection.closeSync();
    instance.closeSync();

    await using store = await duckdbStore({ path, clock });
    const [found] = await store.series({ meter: told.meter, period: day }, EVERYTHING);

    expect(found?.at).toBeGreaterThan(NOON - HOUR_MS);
    expect(found === undefined ? [] : identitiesOf(found)).not.toContain(found?.id);
  },
);

it("says so where whose a roll-up is was taken out, and leaves no sum out without a word", async () => {
  const folder = await mkdtemp(join(tmpdir(), "raingauge-altered-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "samples.duckdb");
  {
    await using store = await duckdbStore({ path, clock });
    const samples = [0, 5, 65].map((minutes) => reading({ at: minute(minutes), value: 3n, meter: "memory.usage" }));
    await store.append([
      { position: { stream: "RAINGAUGE", sequence: 1n }, batch: { samples, events: [], coverage: [] } },
    ]);
    await store.rollUp();
  }
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run("delete from holder");
  connection.closeSync();
  instance.closeSync();

  await using store = await duckdbStore({ path, clock });
  await expect(store.measure({ period: day }, EVERYTHING)).rejects.toThrow(/holder that nobody entered/);
});
