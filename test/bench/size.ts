import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { BIGINT, INTEGER } from "@duckdb/node-api";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import { at, type Batch, type Sample } from "@raingauge/domain";
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
  const json = each("JSON, each sample by itself", jsonBytes(samples));
  return [
    held(each("on the bus", stream), [json]),
    held(each("in DuckDB", stored.readings), [narrow]),
    held(each("in DuckDB, with the usage of every hour", stored.rolledUp), [narrow]),
    narrow,
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
