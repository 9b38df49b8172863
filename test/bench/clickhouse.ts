import { join } from "node:path";
import { at, type Batch, type SampleColumns } from "@raingauge/domain";
import type { SampleStore } from "@raingauge/store";
import { duckdbStore } from "@raingauge/store/duckdb";
import { initialiseStore } from "@raingauge/store/initialise";
import { openStore } from "@raingauge/store/open";
import { decodeInColumns, packets } from "@raingauge/wire";
import { bytesOf, insertAlone } from "./alone/clickhouse.ts";
import { type Bench, type Benchmark, duration, type Figure, figure, held, rate } from "./benchmark.ts";
import { type Cloud, INSTANCE_METERS, polls } from "./cloud.ts";
import { inLots } from "./lots.ts";
import { inStore } from "./measure.ts";
import { monthOf } from "./month.ts";
import { secondsOf } from "./stopwatch.ts";

/** The same readings into ClickHouse and into DuckDB, and the same month asked of both. */
export const clickhouse: Benchmark = {
  name: "clickhouse",
  about: "samples into ClickHouse and a month measured from it, beside DuckDB",
  needs: ["chdb"],
  run: measured,
};

const CLOUD: Cloud = { hosts: 10, machinesPerHost: 40, projectsPerHost: 8, meters: INSTANCE_METERS, pollMinutes: 5 };
const TICKS = 20;
const BATCH_MESSAGES = 256;
const MACHINES = 5;

async function measured(bench: Bench): Promise<readonly Figure[]> {
  const said = [...polls(CLOUD, Math.ceil(TICKS * bench.scale))].flatMap((batch) => packets(batch, "libvirt"));
  const batches = said.map(({ body }) => decodeInColumns(body));
  const count = batches.reduce((sum, { columns }) => sum + (columns?.count ?? 0), 0);
  const open = await opener(bench);
  return [...(await appending(bench, batches, { count, open })), ...(await asking(bench, open))];
}

/** Opens a database of ClickHouse by name. */
type Open = (database: string) => Promise<SampleStore>;

async function opener({ url }: Bench): Promise<Open> {
  const { host } = new URL(url("chdb"));
  return async (database) => {
    const address = new URL(`clickhouse+http://${host}/${database}`);
    await initialiseStore(address, undefined);
    return openStore(address, { clock: () => at(Date.now()) });
  };
}

interface Appending {
  readonly count: number;
  readonly open: Open;
}

async function appending(bench: Bench, batches: readonly Batch[], { count, open }: Appending): Promise<Figure[]> {
  const url = bench.url("chdb");
  const lots = [...inLots(batches, BATCH_MESSAGES)].map((lot) => together(lot.flatMap(({ columns }) => columns ?? [])));
  const alone = async (format: Parameters<typeof insertAlone>[2], what: string): Promise<Figure> => {
    bench.say(`${format} alone`);
    return rate(what, "samples/s", count, await insertAlone(url, lots, format));
  };
  const limits = [
    await alone("Native", "ClickHouse insert alone, native"),
    await alone("RowBinaryWithNamesAndTypes", "ClickHouse insert alone, row binary"),
    await alone("JSONCompactEachRow", "ClickHouse insert alone, JSON"),
  ];
  bench.say("appending to both stores");
  await using store = await open("ingest");
  const ours = rate(
    "samples appended to ClickHouse",
    "samples/s",
    count,
    await secondsOf(() => append(store, batches)),
  );
  await using duckdb = await duckdbStore({ path: join(bench.folder, "ours.duckdb"), clock: () => at(Date.now()) });
  const beside = rate("samples appended to DuckDB", "samples/s", count, await secondsOf(() => append(duckdb, batches)));
  const native = limits.slice(0, 1);
  const bytes = (await bytesOf(url, "ingest")) / count;
  return [held(ours, native), ...limits, beside, figure("in ClickHouse, merged", "B/sample", bytes)];
}

async function append(store: SampleStore, batches: readonly Batch[]): Promise<void> {
  const arrivals = batches.map((batch, index) => ({ position: { stream: "bench", sequence: BigInt(index) }, batch }));
  for (const lot of inLots(arrivals, BATCH_MESSAGES)) await store.append(lot);
}

/** One block of many; what their rows name is told apart by its batch. */
export function together(all: readonly SampleColumns[]): SampleColumns {
  const [first] = all;
  if (first === undefined) throw new RangeError("no samples to insert");
  const joined = <T extends Int32Array | Float64Array | BigInt64Array>(
    make: new (length: number) => T,
    of: (each: SampleColumns) => T,
  ): T => {
    const made = new make(all.reduce((sum, { count }) => sum + count, 0));
    let end = 0;
    for (const each of all) {
      made.set(of(each) as never, end);
      end += each.count;
    }
    return made;
  };
  return {
    ...first,
    count: all.reduce((sum, { count }) => sum + count, 0),
    at: joined(Float64Array, (each) => each.at as Float64Array<ArrayBuffer>),
    value: joined(BigInt64Array, (each) => each.value as BigInt64Array<ArrayBuffer>),
    subject: joined(Int32Array, (each) => each.subject as Int32Array<ArrayBuffer>),
    meter: joined(Int32Array, (each) => each.meter as Int32Array<ArrayBuffer>),
    telling: joined(Int32Array, (each) => each.telling as Int32Array<ArrayBuffer>),
  };
}

async function asking(bench: Bench, open: Open): Promise<Figure[]> {
  const month = monthOf(Math.ceil(MACHINES * bench.scale));
  const readings = month.inTime.reduce((sum, { batch }) => sum + batch.samples.length, 0);
  bench.say("the month, of ClickHouse");
  const ours = await inStore(month, bench, () => open("month"));
  bench.say("the month, of DuckDB");
  const path = join(bench.folder, "month.duckdb");
  const theirs = await inStore(month, bench, () => duckdbStore({ path, clock: () => at(Date.now()) }));
  const figures = (name: string, { rolledUp, cold, warm, late, rolledUpLate }: typeof ours): Figure[] => [
    rate(`rolled up in ${name}`, "readings/s", readings, rolledUp),
    duration(`a month from ${name}, just opened`, cold),
    duration(`a month from ${name}, asked again`, warm),
    duration(`a month from ${name}, an hour come late`, late),
    duration(`rolled up in ${name} after an hour came late`, rolledUpLate),
  ];
  const beside = figures("DuckDB", theirs);
  return [...figures("ClickHouse", ours).map((each, index) => held(each, beside.slice(index, index + 1))), ...beside];
}
