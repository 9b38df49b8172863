import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { at, EVERYTHING, HOUR_MS } from "@raingauge/domain";
import { minute, NOON, reading } from "@raingauge/test/generators/reading.ts";
import { expect, it, onTestFinished } from "vitest";
import type { SampleStore } from "../store.ts";
import { duckdbStore } from "./duckdb.ts";

const clock = () => NOON;
const DAY_MS = 24 * HOUR_MS;
const days = { start: at(minute(-720) - DAY_MS), end: at(minute(720) + DAY_MS) };
const LIFE = { host: "compute-01", device: "tap0", witnessed: true };

it.each([
  { what: "knew no days", alteration: ["drop table usage_by_day", "drop table place", "drop table by_day_of"] },
  {
    what: "kept them packed",
    alteration: ["alter table usage_by_day rename to usage_day", "alter table by_day_of rename to days_of"],
  },
  {
    what: "rolled up since without them",
    alteration: ["delete from usage_by_day", "update by_day_of set telling_id = 0"],
  },
])("makes the days of a file anew that a version of ours wrote which $what", async ({ alteration }) => {
  const folder = await mkdtemp(join(tmpdir(), "raingauge-days-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "samples.duckdb");
  const before = await told(path, async (store) => {
    await store.append([
      {
        position: { stream: "RAINGAUGE", sequence: 1n },
        batch: {
          samples: [counted(-900, 0n, 0), counted(-30, 50n, 0), counted(-20, 3n, 1), counted(900, 40n, 1)],
          events: [],
          coverage: [],
        },
      },
    ]);
    await store.rollUp();
    return totalsIn(store);
  });
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  for (const sql of alteration) await connection.run(sql);
  connection.closeSync();
  instance.closeSync();

  const after = await told(path, totalsIn);

  expect(before).not.toEqual([]);
  expect(after).toEqual(before);
});

/** One interface, whose counter began anew. */
const counted = (minutes: number, value: bigint, life: number) =>
  reading({
    at: minute(minutes),
    value,
    meter: "network.outgoing.bytes",
    incarnation: { ...LIFE, startedAt: minute(-900 + life * 875) },
  });

const totalsIn = (store: SampleStore) =>
  store.totals({ period: days, by: ["project"], cuts: [at(days.start + DAY_MS)] }, EVERYTHING);

async function told<T>(path: string, work: (store: SampleStore) => Promise<T>): Promise<T> {
  await using store = await duckdbStore({ path, clock });
  return await work(store);
}
