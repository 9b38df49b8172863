import { execFile } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { at, HOUR_MS, iso, type Period } from "@raingauge/domain";
import { influxExecutable, influxServer, prometheusServer, promtoolExecutable } from "@raingauge/harness";
import { type Program, run } from "@raingauge/servers";
import { Client } from "pg";

const DBSYNC = "/usr/bin/cloudkitty-dbsync";
const INIT = "/usr/bin/cloudkitty-storage-init";
const PROCESSOR = "/usr/bin/cloudkitty-processor";

/** Whether Debian's CloudKitty can be started here, with what it collects from and stores in. */
export const cloudkittyLacks = (): readonly string[] => [
  ...(existsSync(PROCESSOR) ? [] : ["cloudkitty-processor"]),
  ...(influxExecutable() === undefined ? ["influxdb"] : []),
  ...(promtoolExecutable() === undefined ? ["prometheus"] : []),
];

/** Machines of projects, each seen as often as `seen` says. */
export interface Seen {
  readonly machines: readonly { readonly project: string; readonly resource: string }[];
  readonly period: Period;
  readonly everyMs: number;
  /** Of an hour of one. */
  readonly price: string;
}

/**
 * Seconds in which Debian's CloudKitty collects from a Prometheus, rates by one hashmap price and stores in an InfluxDB every hour
 * of every machine, from its first stored hour to its last; how many hours of machines that were. As many workers as cores.
 */
export async function cloudkittyAlone(
  seen: Seen,
  { folder, url }: { readonly folder: string; readonly url: string },
): Promise<{ readonly seconds: number; readonly count: number }> {
  await using source = await prometheusServer(openMetrics(seen));
  await using storage = await influxServer();
  await storage.makeBucket(DATABASE);
  const projects = [...new Set(seen.machines.map(({ project }) => project))];
  const config = configured(folder, { source: source.url, storage: storage.url, state: url, projects });
  const prepare = (path: string, ...args: string[]) =>
    promisify(execFile)(path, ["--config-file", config, ...args], { cwd: folder });
  await prepare(DBSYNC, "upgrade");
  await prepare(INIT);
  await told(url, seen, projects);
  const processor = run({ path: PROCESSOR, args: ["--config-file", config], farewell: "SIGTERM" }, folder);
  try {
    const hours = (seen.period.end - seen.period.start) / HOUR_MS;
    while ((await storedIn(storage.url)) === 0) await going(processor);
    const [first, began] = [await storedIn(storage.url), performance.now()];
    while ((await storedIn(storage.url)) < seen.machines.length * hours) await going(processor);
    return { seconds: (performance.now() - began) / 1_000, count: seen.machines.length * hours - first };
  } finally {
    await processor.end();
  }
}

const LOOK_MS = 50;

async function going(processor: Program): Promise<void> {
  const failure = processor.failure();
  if (failure !== undefined) throw failure;
  await setTimeout(LOOK_MS);
}

function* openMetrics({ machines, period, everyMs }: Seen): Generator<string> {
  yield "# TYPE instance gauge\n";
  for (const { project, resource } of machines)
    for (let moment: number = period.start; moment <= period.end; moment += everyMs)
      yield `instance{project_id="${project}",id="${resource}",flavor_name="m1.small"} 1 ${moment / 1_000}\n`;
  yield "# EOF\n";
}

async function storedIn(url: string): Promise<number> {
  const q = new URLSearchParams({ db: DATABASE, q: 'select count("price") from "dataframes"' });
  const answer: Counted = JSON.parse(await (await fetch(`${url}/query?${q}`)).text());
  return answer.results[0]?.series?.[0]?.values[0]?.[1] ?? 0;
}

interface Counted {
  readonly results: readonly {
    readonly series?: readonly { readonly values: readonly (readonly [time: string, count: number])[] }[];
  }[];
}

/** What its administrator would have told it over its API, and up to where everything is rated. */
async function told(url: string, { period, price }: Seen, projects: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("insert into modules_state (name, state, priority) values ('hashmap', true, 1)");
    await client.query("insert into hashmap_services (id, service_id, name) values (1, 'compute', 'instance')");
    await client.query(
      "insert into hashmap_mappings (mapping_id, cost, map_type, service_id) values ('an-hour', $1, 'flat', 1)",
      [price],
    );
    for (const project of projects)
      await client.query(
        `insert into cloudkitty_storage_states (identifier, scope_key, fetcher, collector, last_processed_timestamp, active)
         values ($1, 'project_id', 'source', 'prometheus', $2, true)`,
        [project, iso(at(period.start - HOUR_MS)).replace("Z", "")],
      );
  } finally {
    await client.end();
  }
}

const DATABASE = "cloudkitty";

interface Surroundings {
  readonly source: string;
  readonly storage: string;
  readonly state: string;
  readonly projects: readonly string[];
}

function configured(folder: string, { source, storage, state, projects }: Surroundings): string {
  const config = join(folder, "cloudkitty.conf");
  const { hostname, port } = new URL(storage);
  mkdirSync(join(folder, "locks"));
  writeFileSync(
    join(folder, "metrics.yml"),
    JSON.stringify({
      metrics: {
        instance: {
          unit: "instance",
          groupby: ["id"],
          metadata: ["flavor_name"],
          extra_args: { aggregation_method: "max" },
        },
      },
    }),
  );
  writeFileSync(
    config,
    `[DEFAULT]
transport_url = fake://
[database]
connection = ${state.replace(/^postgres(ql)?:/, "postgresql+psycopg2:")}
[fetcher]
backend = source
[fetcher_source]
sources = ${projects.join(",")}
[collect]
collector = prometheus
metrics_conf = ${join(folder, "metrics.yml")}
period = 3600
wait_periods = 1
scope_key = project_id
[collector_prometheus]
prometheus_url = ${source}/api/v1
[storage]
backend = influxdb
version = 2
[storage_influxdb]
host = ${hostname}
port = ${port}
database = ${DATABASE}
username = nobody
password = none
[orchestrator]
coordination_url = file://${join(folder, "locks")}
`,
  );
  return config;
}
