import { execFile, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { memoryBus } from "@raingauge/bus/memory";
import { at, type Sample } from "@raingauge/domain";
import { privateFolder, privatePort, type Server, serve, systemEngine } from "@raingauge/harness";
import { memoryLedger } from "@raingauge/ledger/memory";
import { OUTSIDE_READERS, raterMetrics, server } from "@raingauge/rater";
import { readConfig, silentLog } from "@raingauge/runtime";
import { executable } from "@raingauge/servers";
import { memoryStore } from "@raingauge/store/memory";
import { decodeBatch } from "@raingauge/wire";
import { describe, expect, it, onTestFinished } from "vitest";

/** The real senders of readings from outside. Run by hand: RAINGAUGE_PEERS=1 npx vitest run test/peers/outside.test.ts */
const isAsked = process.env["RAINGAUGE_PEERS"] !== undefined;
const PYTHON = "/usr/bin/python3";
const hasCeilometer =
  isAsked && existsSync(PYTHON) && spawnSync(PYTHON, ["-c", "import ceilometer.publisher.http"]).status === 0;
const hasPrometheus = isAsked && executable("prometheus") !== undefined;
const title = (what: string, isThere: boolean, from: string): string => {
  if (!isAsked) return `${what} (skipped: run by hand, with RAINGAUGE_PEERS=1)`;
  return isThere ? what : `${what} (skipped: apt-get install ${from})`;
};

const RULES = `
rules:
  - metric: process_cpu_seconds_total
    meter: cpu
    factor: 1e9
    project: acme
    resource: "{job}"
    host: "{instance}"
`;

/** An API that listens, and what it has put on its bus. */
async function opened() {
  const folder = privateFolder("outside");
  const file = join(folder, "rules.yml");
  writeFileSync(file, RULES);
  const { region, outsideRules: rules } = readConfig({ RAINGAUGE_OUTSIDE_RULES: file }, OUTSIDE_READERS);
  const clock = () => at(Date.now());
  const ledger = memoryLedger({ clock });
  const bus = memoryBus();
  const metrics = raterMetrics();
  const app = await server({
    ledger,
    bus,
    metrics,
    outside: { region, rules },
    store: memoryStore({ clock }),
    calendar: { zone: "UTC", clock },
    book: "standard",
    log: silentLog,
    ready: {},
  });
  const token = await ledger.grant({ name: "sender", role: "admin", projects: [] });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => app.close());
  return { url, token, bus, metrics };
}

const total = async (text: Promise<string>, name: string): Promise<number> =>
  (await text)
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`))
    .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);

describe.skipIf(!hasCeilometer)(title("Ceilometer 19's http publisher", hasCeilometer, "python3-ceilometer"), () => {
  it("delivers all that a Ceilometer recorded, by the token as its password", async () => {
    const { url, token, metrics } = await opened();
    const script = fileURLToPath(new URL("ceilometer-publisher.py", import.meta.url));
    const recordings = ["polling", "notifications"].map((name) =>
      fileURLToPath(new URL(`../captures/ceilometer/samples.${name}.jsonl.gz`, import.meta.url)),
    );
    const target = `${url.replace("://", `://raingauge:${token}@`)}/v1/samples/ceilometer?timeout=60`;

    const { stdout, stderr } = await promisify(execFile)(PYTHON, [script, target, ...recordings]);

    expect(stderr).not.toContain("Failed to dispatch");
    const taken = await total(metrics.text(), "rater_outside_samples_accepted_total");
    const refused = await total(metrics.text(), "rater_outside_samples_refused_total");
    expect(taken + refused).toBe(Number(stdout));
    expect(taken).toBeGreaterThan(2_000);
  }, 120_000);
});

describe.skipIf(!hasPrometheus)(title("a real Prometheus' remote write", hasPrometheus, "prometheus"), () => {
  it("brings its own CPU time as a counter that grows", async () => {
    const { url, token, bus } = await opened();
    await using _prometheus = await writingTo(url, token);
    const got: Sample[] = [];
    const stop = new AbortController();

    await bus.consume(
      async (deliveries) => {
        for (const { message } of deliveries) got.push(...decodeBatch(message.body).samples);
        if (got.length >= 3) stop.abort();
        return deliveries.map(() => "done");
      },
      { consumer: "test", batchMessages: 10, signal: stop.signal },
    );

    const values = got.toSorted((a, b) => a.at - b.at).map(({ value }) => value);
    expect(values[0]).toBeGreaterThan(0n);
    expect(values).toEqual(values.toSorted((a, b) => Number(a - b)));
    expect(new Set(got.map(({ meter, project, resource }) => `${meter} ${project} ${resource}`))).toEqual(
      new Set(["cpu acme itself"]),
    );
  }, 120_000);
});

/** A Prometheus that scrapes itself each second and writes all of it on. */
async function writingTo(url: string, token: string): Promise<Server> {
  const folder = privateFolder("prometheus");
  const port = await privatePort();
  writeFileSync(join(folder, "token"), token, { mode: 0o600 });
  writeFileSync(
    join(folder, "prometheus.yml"),
    `global: { scrape_interval: 1s }
scrape_configs:
  - { job_name: itself, static_configs: [{ targets: ["127.0.0.1:${port}"] }] }
remote_write:
  - url: ${url}/prometheus/api/v1/write
    authorization: { credentials_file: ${join(folder, "token")} }
    queue_config: { batch_send_deadline: 1s }
`,
  );
  const command = {
    path: executable("prometheus") ?? "prometheus",
    args: [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=warn",
    ],
  };
  const greeting = {
    port,
    hello: Buffer.from("GET /-/ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
    welcome: "HTTP/1.1 200",
  };
  return serve(`http://127.0.0.1:${port}`, systemEngine({ folder, greeting, command }));
}
