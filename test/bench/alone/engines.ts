import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { privateFolder, privatePort, type Server, serve, systemEngine } from "@raingauge/harness";

/** An engine that takes line protocol over HTTP, with nothing of ours around it. */
export interface Engine {
  readonly name: string;
  /** Undefined where this machine has it. */
  readonly lacks: string | undefined;
  start(): Promise<Server>;
  /** What comes after its address; lines are in milliseconds. */
  readonly writes: string;
  /** Asked once everything was taken, so that it can be read. */
  readonly settles?: string;
  /** Asked before anything is written. */
  readonly prepares?: string;
}

const INFLUXD = "/usr/bin/influxd";
const VICTORIA = "/usr/bin/victoria-metrics";

const lacking = (path: string, name: string): string | undefined =>
  existsSync(path) ? undefined : `apt-get install ${name}`;

export const ENGINES: readonly Engine[] = [
  {
    name: "InfluxDB",
    lacks: lacking(INFLUXD, "influxdb"),
    start: influxdb,
    prepares: `/query?q=${encodeURIComponent("create database bench")}`,
    writes: "/write?db=bench&precision=ms",
  },
  {
    name: "VictoriaMetrics",
    lacks: lacking(VICTORIA, "victoria-metrics"),
    start: victoriaMetrics,
    writes: "/write?precision=ms",
    settles: "/internal/force_flush",
  },
];

async function influxdb(): Promise<Server> {
  const [folder, port, backupPort] = [privateFolder("influxdb"), await privatePort(), await privatePort()];
  const config = join(folder, "influxdb.conf");
  mkdirSync(join(folder, "home"));
  writeFileSync(
    config,
    `
reporting-disabled = true
bind-address = "127.0.0.1:${backupPort}"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
`,
  );
  const command = { path: INFLUXD, args: ["-config", config], env: { HOME: join(folder, "home") } };
  return serve(`http://127.0.0.1:${port}`, systemEngine({ folder, greeting: ping(port, "204"), command }));
}

async function victoriaMetrics(): Promise<Server> {
  const [folder, port] = [privateFolder("victoria"), await privatePort()];
  const args = [
    `-storageDataPath=${join(folder, "data")}`,
    `-httpListenAddr=127.0.0.1:${port}`,
    "-retentionPeriod=100y",
    "-loggerLevel=ERROR",
  ];
  const command = { path: VICTORIA, args };
  return serve(`http://127.0.0.1:${port}`, systemEngine({ folder, greeting: ping(port, "20"), command }));
}

const ping = (port: number, status: string) => ({
  port,
  hello: Buffer.from("GET /ping HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"),
  welcome: `HTTP/1.1 ${status}`,
});

/** Two at a time, so that an engine need not wait for us; every one has to be taken. */
const AT_ONCE = 2;

export async function writeLines(url: string, { prepares, writes, settles }: Engine, bodies: readonly string[]) {
  if (prepares !== undefined) await accepted(fetch(url + prepares, { method: "POST" }));
  const began = performance.now();
  let next = 0;
  const writer = async (): Promise<void> => {
    while (next < bodies.length) {
      const body = bodies[next] ?? "";
      next += 1;
      await accepted(fetch(url + writes, { method: "POST", body }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, writer));
  if (settles !== undefined) await accepted(fetch(url + settles));
  return (performance.now() - began) / 1_000;
}

async function accepted(asked: Promise<Response>): Promise<void> {
  const response = await asked;
  const said = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${said}`);
}
