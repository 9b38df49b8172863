import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { BIGINT, DuckDBInstance, INTEGER } from "@duckdb/node-api";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import { at, type Batch, type Sample } from "@raingauge/domain";
import type { Arrival } from "@raingauge/store";
import { duckdbStore } from "@raingauge/store/duckdb";
import { packets } from "@raingauge/wire";
import { appendAlone } from "./alone/duckdb.ts";
import { jetStreamAlone } from "./alone/jetstream.ts";
import { type Bench, type Benchmark, type Figure, figure, held } from "./benchmark.ts";
import { type Cloud, INSTANCE_METERS, polls } from "./cloud.ts";
import { inLots } from "./lots.ts";

/** What a sample takes, on its way and at rest. */
export const size: Benchmark = {
  name: "size",
  about: "bytes of a sample on the bus and at rest",
  needs: ["nats-server"],
  run: measured,
};

const CLOUD: Cloud = { hosts: 4, machinesPerHost: 40, projectsPerHost: 8, meters: INSTANCE_METERS, pollMinutes: 5 };
const TICKS = 96;
/** A month of polls: what is packed by series needs that many of each. */
const monthCloud = (scale: number): Cloud => ({ ...CLOUD, hosts: 1, machinesPerHost: Math.ceil(8 * scale) });
const monthTicks = (scale: number): number => Math.ceil(31 * 24 * 12 * Math.min(1, scale));

async function measured(bench: Bench): Promise<readonly Figure[]> {
  const batches = [...polls(CLOUD, Math.ceil(TICKS * bench.scale))];
  const samples = batches.flatMap((batch) => batch.samples);
  const each = (what: string, bytes: number): Figure => figure(what, "B/sample", bytes / samples.length);

  bench.say(`publishing ${samples.length} samples`);
  const stream = await streamBytes(bench.url("nats-server"), batches);
  bench.say("storing them");
  const stored = await storedBytes(join(bench.folder, "ours.duckdb"), batches);
  bench.say("storing instant and value alone");
  const narrow = each(
    "DuckDB, nothing but series, instant and value",
    await narrowBytes(join(bench.folder, "alone.duckdb"), samples),
  );
  bench.say("a month, as it came and written anew");
  const month = await monthBytes(join(bench.folder, "month.duckdb"), bench.scale);
  const json = each("JSON, each sample by itself", jsonBytes(samples));
  return [
    held(each("on the bus", stream), [json]),
    held(each("in DuckDB", stored.readings), [narrow]),
    held(each("in DuckDB, with the usage of every hour", stored.rolledUp), [narrow]),
    narrow,
    figure("in DuckDB, a month as it came", "B/sample", month.asItCame),
    figure("in DuckDB, that month written anew by series", "B/sample", month.anew),
    json,
  ];
}

const AT_ONCE = 500;

/** As the server counts them: bodies, headers and its own bookkeeping. */
async function streamBytes(url: string, batches: readonly Batch[]): Promise<number> {
  await using bus = await jetStreamBus({ url });
  for (const lot of inLots(
    batches.flatMap((batch) => packets(batch, "libvirt")),
    AT_ONCE,
  )) {
    await Promise.all(lot.map((packet) => bus.publish(packet)));
  }
  await using alone = await jetStreamAlone(url);
  return await alone.bytes("RAINGAUGE");
}

async function storedBytes(path: string, batches: readonly Batch[]) {
  const open = () => duckdbStore({ path, clock: () => at(Date.now()) });
  const first = await open();
  const arrivals = batches.map((batch, index) => ({
    position: { stream: "bench", sequence: BigInt(index + 1) },
    batch,
  }));
  for (const lot of inLots(arrivals, AT_ONCE)) await first.append(lot);
  await first[Symbol.asyncDispose]();
  const readings = checkpointed(path);
  const second = await open();
  await second.rollUp();
  await second[Symbol.asyncDispose]();
  return { readings, rolledUp: checkpointed(path) };
}

/** What readings take of the blocks of a file, for a file that was written anew holds free ones. */
async function monthBytes(path: string, scale: number): Promise<{ readonly asItCame: number; readonly anew: number }> {
  let now = 0;
  let samples = 0;
  let waiting: Arrival[] = [];
  await (async () => {
    await using store = await duckdbStore({ path, clock: () => at(now) });
    const put = async (): Promise<void> => {
      samples += (await store.append(waiting)).stored;
      waiting = [];
    };
    let sequence = 0n;
    for (const batch of polls(monthCloud(scale), monthTicks(scale))) {
      sequence += 1n;
      now = Math.max(now, ...batch.samples.map((sample) => sample.at));
      waiting.push({ position: { stream: "bench", sequence }, batch });
      if (waiting.length >= AT_ONCE) await put();
    }
    await put();
  })();
  const asItCame = await usedBytes(path);
  await (async () => {
    await using store = await duckdbStore({ path, clock: () => at(now + 40 * 86_400_000) });
    await store.rollUp();
  })();
  return { asItCame: asItCame / samples, anew: (await usedBytes(path)) / samples };
}

/** Of the table of readings alone: the usage of every hour lies in the same file. */
async function usedBytes(path: string): Promise<number> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  const read = await connection.runAndReadAll(`
    select count(distinct block_id) * (select block_size from pragma_database_size())
    from pragma_storage_info('reading') where block_id >= 0`);
  connection.closeSync();
  instance.closeSync();
  return Number(read.getRows()[0]?.[0]);
}

/** Who closes a file leaves no log beside it: all is in the file. */
function checkpointed(path: string): number {
  if (existsSync(`${path}.wal`)) throw new Error(`${path} was closed without a checkpoint`);
  return statSync(path).size;
}

async function narrowBytes(path: string, samples: readonly Sample[]): Promise<number> {
  const series = new Map<string, number>();
  const numberOf = ({ resource, meter }: Sample): number => {
    const key = `${resource} ${meter}`;
    const number = series.get(key) ?? series.size;
    series.set(key, number);
    return number;
  };
  const rows = samples.map((sample) => [numberOf(sample), BigInt(sample.at), sample.value]);
  await appendAlone(path, {
    columns: { series: INTEGER, at: BIGINT, value: BIGINT },
    transactions: [...inLots(rows, 100_000)],
  });
  return checkpointed(path);
}

const jsonBytes = (samples: readonly Sample[]): number =>
  samples.reduce((sum, sample) => sum + Buffer.byteLength(JSON.stringify(sample, asText)), 0);

const asText = (_: string, value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);
