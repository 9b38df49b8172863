import { join } from "node:path";
import { BIGINT, INTEGER, UTINYINT } from "@duckdb/node-api";
import type { Bus } from "@raingauge/bus";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import { at, type SampleColumns } from "@raingauge/domain";
import { duckdbStore } from "@raingauge/store/duckdb";
import { decodeInColumns, type Packet, packets } from "@raingauge/wire";
import { appenderAlone, type Row, type Table } from "./alone/duckdb.ts";
import { jetStreamAlone } from "./alone/jetstream.ts";
import { type Bench, type Benchmark, type Figure, figure, held, rate } from "./benchmark.ts";
import { type Cloud, INSTANCE_METERS, polls } from "./cloud.ts";
import { BATCH_MESSAGES, budget, collecting, type Waiting } from "./collecting.ts";
import { inLots } from "./lots.ts";
import { secondsOf, timed } from "./stopwatch.ts";

/** A stream full of what pollers said, and how fast the collector empties it into DuckDB. */
export const ingest: Benchmark = {
  name: "ingest",
  about: "samples from JetStream to DuckDB, committed and acknowledged",
  needs: ["nats-server"],
  run: measured,
};

/** Many projects on each host, of each a small message; and one project's machines, which fill theirs. */
const CLOUD: Cloud = { hosts: 10, machinesPerHost: 40, projectsPerHost: 8, meters: INSTANCE_METERS, pollMinutes: 5 };
const LARGE: Cloud = { ...CLOUD, machinesPerHost: 64, projectsPerHost: 1 };
const TICKS = 40;

async function measured(bench: Bench): Promise<readonly Figure[]> {
  const url = bench.url("nats-server");
  await using bus = await jetStreamBus({ url, limitBytes: 20 * 1024 ** 3 });
  const some = await moved(bench, bus, { ...CLOUD, of: "", first: 0 });
  return [...some, ...(await moved(bench, bus, { ...LARGE, of: ", of full messages", first: 100_000 }))];
}

interface Told extends Cloud {
  /** What its figures are called by. */
  readonly of: string;
  /** The bus knows what it was told before, coverage among it: each cloud tells of another time. */
  readonly first: number;
}

async function moved(bench: Bench, bus: Bus, told: Told): Promise<Figure[]> {
  const { of } = told;
  // Nothing that the limits were measured with is there any more when the collector begins.
  const { limits, ...waiting } = await limited(bench, bus, told);
  bench.say("collecting");
  const path = join(bench.folder, `ours${told.machinesPerHost}.duckdb`);
  await using store = await duckdbStore({ path, clock: () => at(Date.now()) });
  const collected = await collecting(bus, store, waiting);
  const { messages, samples } = waiting;
  return [
    held(rate(`samples collected${of}`, "samples/s", samples, collected.seconds), limits),
    ...budget(collected, samples, of),
    ...limits,
    figure(`samples in a message${of}`, "samples/message", samples / messages),
  ];
}

/**
 * Leaves on the bus what a cloud's pollers said, and measures what the parts alone make of the same. Piece by piece, so that of
 * however much no more than a piece is held in memory.
 */
async function limited(bench: Bench, bus: Bus, { of, first, ...cloud }: Told): Promise<Limited> {
  const ticks = Math.ceil(TICKS * bench.scale);
  const spent = { messages: 0, samples: 0, consumed: 0, decoded: 0, appended: 0 };
  using appender = await appenderAlone(join(bench.folder, `alone${cloud.machinesPerHost}.duckdb`), COLUMNS);
  for (let from = 0; from < ticks; from += TICKS) {
    const said = messagesOf(cloud, Math.min(TICKS, ticks - from), first + from);
    bench.say(`publishing ${said.length} messages, twice, of tick ${from + 1} of ${ticks} on; each part alone`);
    spent.consumed += await consumedAlone(bench.url("nats-server"), `ALONE${cloud.machinesPerHost}_${from}`, said);
    await publish(bus, said);
    const decoded = await timed(() => said.flatMap(({ body }) => decodeInColumns(body).columns ?? []));
    spent.decoded += decoded.seconds;
    spent.appended += await appender.append(tableOf(decoded.result).transactions);
    spent.messages += said.length;
    spent.samples += decoded.result.reduce((sum, { count }) => sum + count, 0);
  }
  const { messages, samples } = spent;
  const limits = [
    rate(`JetStream consume and acknowledge alone${of}`, "samples/s", samples, spent.consumed),
    rate(`decode alone${of}`, "samples/s", samples, spent.decoded),
    rate(`DuckDB appender alone${of}`, "samples/s", samples, spent.appended),
  ];
  return { messages, samples, limits };
}

async function consumedAlone(url: string, stream: string, said: readonly Packet[]): Promise<number> {
  await using alone = await jetStreamAlone(url, stream);
  await alone.publish(said);
  const seconds = await secondsOf(() => alone.consume(said.length));
  await alone.remove();
  return seconds;
}

interface Limited extends Waiting {
  readonly limits: readonly Figure[];
}

export const messagesOf = (cloud: Cloud, ticks: number, first: number): Packet[] =>
  [...polls(cloud, ticks, first)].flatMap((batch) => packets(batch, "libvirt"));

/** Enough in flight that the server never waits for us. */
const PUBLISHED_AT_ONCE = 500;

export async function publish(bus: Bus, messages: readonly Packet[]): Promise<void> {
  for (const lot of inLots(messages, PUBLISHED_AT_ONCE)) await Promise.all(lot.map((message) => bus.publish(message)));
}

export const tableOf = (messages: readonly SampleColumns[]): Table => ({
  columns: COLUMNS,
  transactions: [...inLots(messages.map(rowsOf), BATCH_MESSAGES)].map((lot) => lot.flat()),
});

/** What a reading comes to as narrow as it can be: whose it is, and who said it, stands in dictionaries. */
const COLUMNS = {
  series: INTEGER,
  at: BIGINT,
  value: BIGINT,
  stance: UTINYINT,
  claim: INTEGER,
  telling: BIGINT,
  mark: UTINYINT,
};

const rowsOf = ({ count, at, value, subject, ids }: SampleColumns, message: number): Row[] =>
  Array.from({ length: count }, (_, row) => [
    row,
    BigInt(at[row] ?? 0),
    value[row] ?? 0n,
    0,
    subject[row] ?? 0,
    BigInt(message),
    ids[16 * row] ?? 0,
  ]);
