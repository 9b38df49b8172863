import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Greeting, privatePort } from "@raingauge/servers";
import { containerEngine, dockerAnswers } from "./container.ts";
import { type Server, serve } from "./server.ts";
import { privateFolder, systemEngine } from "./system.ts";

export interface ClickhouseServer extends Server {
  readonly user: string;
  readonly password: string;
  /** `server` in a container; else `engine`: the same engine in a process of ours, which has no clusters and no users. */
  readonly kind: "server" | "engine";
}

const FOLDER = fileURLToPath(new URL("./chdb", import.meta.url));

/** Where `npm ci --prefix test/harness/chdb` puts the engine. */
export const chdbFolder = (): string | undefined =>
  existsSync(join(FOLDER, "node_modules/chdb/package.json")) ? FOLDER : undefined;

/** The engine makes files by the thousand, which cost a disk ten times as much; they outlive its process here too. */
const MEMORY = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** A ClickHouse of its own: a server in a container, or its engine behind a door of ours; always that where its data are to lie on a `disk`. */
export const clickhouseServer = async (
  within = MEMORY,
  { disk }: { readonly disk?: string } = {},
): Promise<ClickhouseServer> => (disk === undefined && (await dockerAnswers()) ? container() : engine(within, disk));

const greetingAt = (port: number): Greeting => ({
  port,
  hello: Buffer.from("GET /ping HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
  welcome: "HTTP/1.1 200",
});

const engine = async (within: string, disk: string | undefined): Promise<ClickhouseServer> => {
  const folder = privateFolder("clickhouse", undefined, within);
  const port = await privatePort();
  const command = {
    path: process.execPath,
    args: [join(chdbFolder() ?? FOLDER, "server.mjs"), folder, String(port), ...(disk === undefined ? [] : [disk])],
  };
  const server = await serve(`http://127.0.0.1:${port}`, systemEngine({ folder, greeting: greetingAt(port), command }));
  return { ...server, user: "default", password: "", kind: "engine" };
};

const container = async (): Promise<ClickhouseServer> => {
  const port = await privatePort();
  const engine = containerEngine({
    name: "clickhouse/clickhouse-server:26.3-alpine",
    port: 8123,
    greeting: greetingAt(port),
    env: { CLICKHOUSE_SKIP_USER_SETUP: "1" }, // Its user is called default and has no password, and nobody else is there.
  });
  const server = await serve(`http://127.0.0.1:${port}`, engine);
  return { ...server, user: "default", password: "", kind: "server" };
};
