import { tmpdir } from "node:os";
import { join } from "node:path";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import { at, type SampleColumns } from "@raingauge/domain";
import { available, clickhouseServer, influxServer, type ServerName } from "@raingauge/harness";
import type { SampleStore } from "@raingauge/store";
import { duckdbStore } from "@raingauge/store/duckdb";
import { initialiseStore } from "@raingauge/store/initialise";
import { openStore } from "@raingauge/store/open";
import { decodeInColumns, type Packet } from "@raingauge/wire";
import { insertAlone } from "./alone/clickhouse.ts";
import { appendAlone } from "./alone/duckdb.ts";
import { ENGINES, writeLines } from "./alone/engines.ts";
import { jetStreamAlone } from "./alone/jetstream.ts";
import { type Bench, type Benchmark, type Figure, figure, held, rate } from "./benchmark.ts";
import { together } from "./clickhouse.ts";
import { type Cloud, INSTANCE_METERS } from "./cloud.ts";
import { BATCH_MESSAGES, collecting } from "./collecting.ts";
import { linesIn } from "./engines.ts";
import { messagesOf, publish, tableOf } from "./ingest.ts";
import { inLots } from "./lots.ts";
import { secondsOf } from "./stopwatch.ts";

/** As many messages into each store that this machine has, from the bus and by the same collector; and each engine alone. */
export const stores: Benchmark = {
  name: "stores",
  about: "samples from JetStream to DuckDB, ClickHouse and InfluxDB, by the same collector",
  needs: ["nats-server"],
  run: measured,
};

const CLOUD: Cloud = { hosts: 10, machinesPerHost: 40, projectsPerHost: 8, meters: INSTANCE_METERS, pollMinutes: 5 };
const TICKS = 10;

async function measured(bench: Bench): Promise<readonly Figure[]> {
  const url = bench.url("nats-server");
  await using bus = await jetStreamBus({ url });
  await using alone = await jetStreamAlone(url);
  const cloud = { ...CLOUD, hosts: Math.ceil(CLOUD.hosts * Math.min(1, bench.scale)) };
  const ticks = Math.ceil(TICKS * bench.scale);
  const some = messagesOf(cloud, ticks, 0);
  const samples = columnsOf(some).reduce((sum, { count }) => sum + count, 0);
  await alone.publish(some);
  const consumed = await secondsOf(() => alone.consume(some.length));
  const jetStream = rate("JetStream consume and acknowledge alone", "samples/s", samples, consumed);
  const figures: Figure[] = [];
  for (const [index, { name, server, start }] of KINDS.entries()) {
    if (server !== undefined && !(await available(server)).ok) continue;
    // The bus knows what it was told before: each store hears of another time.
    const said = messagesOf(cloud, ticks, (index + 1) * ticks);
    await publish(bus, said);
    bench.say(name);
    await using engine = await start(bench);
    const limit = rate(engine.limit, "samples/s", samples, await engine.alone(columnsOf(said)));
    await using store = await engine.open();
    const collected = await collecting(bus, store, { messages: said.length, samples });
    const collectedRate = rate(`samples collected into ${name}`, "samples/s", samples, collected.seconds);
    const { processSeconds, busy } = collected;
    figures.push(held(collectedRate, [limit, jetStream]), limit);
    figures.push(
      figure(`the whole process's time for a sample into ${name}`, "µs/sample", (processSeconds * 1e6) / samples),
    );
    if (busy !== undefined)
      figures.push(figure(`the servers' time for a sample into ${name}`, "µs/sample", (busy.servers * 1e6) / samples));
  }
  return [...figures, jetStream];
}

const columnsOf = (said: readonly Packet[]): SampleColumns[] =>
  said.flatMap(({ body }) => decodeInColumns(body).columns ?? []);

interface Engine extends AsyncDisposable {
  /** What the engine does alone is called by this. */
  readonly limit: string;
  /** For how many seconds it stores such samples, with nothing of ours around it. */
  alone(samples: readonly SampleColumns[]): Promise<number>;
  open(): Promise<SampleStore>;
}

interface Kind {
  readonly name: string;
  /** Undefined where it needs none. */
  readonly server?: ServerName;
  start(bench: Bench): Promise<Engine>;
}

const clock = () => at(Date.now());

const KINDS: readonly Kind[] = [
  {
    name: "DuckDB",
    start: async ({ folder }) => ({
      limit: "DuckDB appender alone",
      alone: (samples) => appendAlone(join(folder, "alone.duckdb"), tableOf(samples)),
      open: () => duckdbStore({ path: join(folder, "ours.duckdb"), clock }),
      [Symbol.asyncDispose]: async () => undefined,
    }),
  },
  {
    name: "ClickHouse",
    server: "chdb",
    start: async () => {
      const server = await clickhouseServer(tmpdir());
      const address = new URL(`clickhouse+http://${new URL(server.url).host}/ingest`);
      return {
        limit: "ClickHouse insert alone, native",
        alone: (samples) => insertAlone(server.url, [...inLots(samples, BATCH_MESSAGES)].map(together), "Native"),
        open: async () => {
          await initialiseStore(address, undefined);
          return openStore(address, { clock });
        },
        [Symbol.asyncDispose]: () => server.stop(),
      };
    },
  },
  {
    name: "InfluxDB",
    server: "influxdb",
    start: async () => {
      const server = await influxServer();
      const bucket = "ingest";
      const address = new URL(
        `influxdb+http://${new URL(server.url).host}/${bucket}?organization=${server.organization}`,
      );
      return {
        limit: "InfluxDB by line protocol",
        alone: linesAlone,
        open: async () => {
          await server.makeBucket(bucket);
          return openStore(address, { clock, token: server.token });
        },
        [Symbol.asyncDispose]: () => server.stop(),
      };
    },
  },
];

/** An InfluxDB of its own. */
async function linesAlone(samples: readonly SampleColumns[]): Promise<number> {
  const influxdb = ENGINES.find(({ name }) => name === "InfluxDB");
  if (influxdb === undefined) throw new RangeError("InfluxDB is not among the engines");
  await using server = await influxdb.start();
  return await writeLines(server.url, influxdb, linesIn(samples));
}
