import { join } from "node:path";
import { BIGINT, INTEGER, UTINYINT } from "@duckdb/node-api";
import type { Bus } from "@raingauge/bus";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import { collect } from "@raingauge/collector";
import { at, type SampleColumns } from "@raingauge/domain";
import { silentLog } from "@raingauge/runtime";
import { duckdbStore } from "@raingauge/store/duckdb";
import { decodeInColumns, type Packet, packets } from "@raingauge/wire";
import { appendAlone, type Row } from "./alone/duckdb.ts";
import { jetStreamAlone } from "./alone/jetstream.ts";
import { type Bench, type Benchmark, type Figure, figure, held, rate } from "./benchmark.ts";
import { type Cloud, INSTANCE_METERS, polls } from "./cloud.ts";
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
/** As the collector is configured unless told otherwise. */
const BATCH_MESSAGES = 1_024;

async function measured(bench: Bench): Promise<readonly Figure[]> {
  const url = bench.url("nats-server");
  await using bus = await jetStreamBus({ url });
  const some = await moved(bench, bus, { ...CLOUD, of: "", first: 0 });
  return [...some, ...(await moved(bench, bus, { ...LARGE, of: ", of full messages", first: 100_000 }))];
}

interface Told extends Cloud {
  /** What its figures are called by. */
  readonly of: string;
  /** The bus knows what it was told before, coverage among it: each cloud tells of another time. */
  readonly first: number;
}

async function moved(bench: Bench, bus: Bus, { of, first, ...cloud }: Told): Promise<Figure[]> {
  await using alone = await jetStreamAlone(bench.url("nats-server"), `ALONE${cloud.machinesPerHost}`);
  const said = messagesOf(cloud, Math.ceil(TICKS * bench.scale), first);
  bench.say(`publishing ${said.length} messages, twice`);
  await alone.publish(said);
  await publish(bus, said);
  bench.say("JetStream alone");
  const consumed = await secondsOf(() => alone.consume(said.length));
  bench.say("decoding alone");
  const decoded = await timed(() => said.flatMap(({ body }) => decodeInColumns(body).columns ?? []));
  const count = decoded.result.reduce((sum, columns) => sum + columns.count, 0);
  bench.say("DuckDB alone");
  const table = {
    columns: COLUMNS,
    transactions: [...inLots(decoded.result.map(rowsOf), BATCH_MESSAGES)].map((lot) => lot.flat()),
  };
  const appended = await appendAlone(join(bench.folder, `alone${said.length}.duckdb`), table);
  bench.say("collecting");
  const collected = await collecting(bus, join(bench.folder, `ours${said.length}.duckdb`), said.length, count);

  const limits = [
    rate(`JetStream consume and acknowledge alone${of}`, "samples/s", count, consumed),
    rate(`decode alone${of}`, "samples/s", count, decoded.seconds),
    rate(`DuckDB appender alone${of}`, "samples/s", count, appended),
  ];
  const ours = held(rate(`samples collected${of}`, "samples/s", count, collected.seconds), limits);
  const busy = [
    figure(`our thread's time for a sample${of}`, "µs/sample", (collected.threadSeconds * 1_000_000) / count),
    figure(`the whole process's time for a sample${of}`, "µs/sample", (collected.processSeconds * 1_000_000) / count),
  ];
  return [ours, ...busy, ...limits, figure(`samples in a message${of}`, "samples/message", count / said.length)];
}

const messagesOf = (cloud: Cloud, ticks: number, first: number): Packet[] =>
  [...polls(cloud, ticks, first)].flatMap((batch) => packets(batch, "libvirt"));

/** Enough in flight that the server never waits for us. */
const PUBLISHED_AT_ONCE = 500;

async function publish(bus: Bus, messages: readonly Packet[]): Promise<void> {
  for (const lot of inLots(messages, PUBLISHED_AT_ONCE)) await Promise.all(lot.map((message) => bus.publish(message)));
}

/** The collector as its process runs it, from its first question to when the last message is committed. */
async function collecting(bus: Bus, path: string, messages: number, samples: number): Promise<Collected> {
  await using store = await duckdbStore({ path, clock: () => at(Date.now()) });
  const stop = new AbortController();
  const [thread, whole] = [process.threadCpuUsage(), process.cpuUsage()];
  const began = performance.now();
  let ended = began;
  let left = messages;
  let stored = 0;
  const counted: Pick<Bus, "consume"> = {
    consume: (handle, options) =>
      bus.consume(async (deliveries) => {
        const fates = await handle(deliveries);
        left -= deliveries.length;
        ended = performance.now();
        if (left <= 0) stop.abort();
        return fates;
      }, options),
  };
  const append: typeof store.append = async (arrivals) => {
    const result = await store.append(arrivals);
    stored += result.stored;
    return result;
  };
  await collect(
    { bus: counted, store: { append }, log: silentLog },
    { consumer: "collector", batchMessages: BATCH_MESSAGES, signal: stop.signal },
  );
  if (stored !== samples) throw new Error(`${samples} samples were published and ${stored} stored`);
  return {
    seconds: (ended - began) / 1_000,
    threadSeconds: cpuSeconds(process.threadCpuUsage(thread)),
    processSeconds: cpuSeconds(process.cpuUsage(whole)),
  };
}

/** How long it took, and how long processors were at it, which other work on the machine changes less. */
interface Collected {
  readonly seconds: number;
  readonly threadSeconds: number;
  readonly processSeconds: number;
}

const cpuSeconds = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1_000_000;

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
