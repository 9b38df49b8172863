import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { type Cluster, dataArgument, ENVIRONMENT, USER } from "./cluster.ts";
import { occupancy } from "./occupant.ts";

export interface Running {
  /** With the password in it: not for logs. */
  readonly url: string;
  /** Resolves when the server has ended, asked or not. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Starts the server on that port and waits until it answers. Gives the end of its log where it gave up instead. */
export async function start(cluster: Cluster, port: number): Promise<Running | string> {
  const keeper = launch(cluster, port);
  const ended = new Promise<void>((resolve) => keeper.once("exit", () => resolve()));
  const url = `postgresql://${USER}:${cluster.password}@127.0.0.1:${port}/postgres`;
  const stop = async (): Promise<void> => {
    keeper.ref();
    keeper.stdin?.end();
    if (!hasEnded(keeper)) await ended;
  };
  if (await answers(url, keeper)) return { url, ended, stop };
  await stop();
  return lastWords(cluster);
}

/** Enough for a ledger, and little enough to go unnoticed beside the rest. Whatever protects the data is left as it is. */
const SETTINGS = [
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  "max_connections=40",
  "shared_buffers=16MB",
  "min_wal_size=32MB",
  "max_wal_size=64MB",
  "max_wal_senders=0",
  "wal_level=minimal",
  "max_parallel_workers=0",
  "max_logical_replication_workers=0",
  "io_method=sync",
];

/**
 * A shell stands between us and the server. It waits on a pipe whose other end only we hold: when we let go of it, or die of
 * whatever cause, it shuts the server down in good order. Both have a session of their own, because the Ctrl-C that is meant
 * for us would otherwise stop the server before we have said all that we have to say.
 */
function launch(cluster: Cluster, port: number): ChildProcess {
  const log = openSync(logOf(cluster), "w", 0o600);
  const settings = [...SETTINGS, `port=${port}`, `cluster_name=${occupancy(cluster.data, process.pid)}`];
  const server = [
    join(cluster.programs, "postgres"),
    "-D",
    dataArgument(cluster.data),
    ...settings.flatMap((each) => ["-c", each]),
  ];
  const keeper = spawn("/bin/sh", ["-c", KEEPER, "keeper", ...server], {
    cwd: cluster.data,
    env: ENVIRONMENT,
    detached: true,
    stdio: ["pipe", log, log],
    ...cluster.account,
  });
  closeSync(log);
  keeper.stdin?.on("error", () => {});
  keeper.unref();
  return keeper;
}

const KEEPER = `
  exec 3<&0
  "$@" 3<&- </dev/null &
  server=$!
  { read -r released <&3; kill -s INT $server; } 2>/dev/null &
  wait $server
  status=$?
  kill $! 2>/dev/null
  exit $status`;

const logOf = ({ folder }: Cluster): string => join(folder, "postgresql.log");

const lastWords = (cluster: Cluster): string =>
  readFileSync(logOf(cluster), "utf8").trimEnd().split("\n").slice(-10).join("\n");

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

/** After a crash it first replays its log; until then it does not answer. */
async function answers(url: string, keeper: ChildProcess): Promise<boolean> {
  for (let waited = 0; waited < START_MILLISECONDS && !hasEnded(keeper); waited += POLL_MILLISECONDS) {
    if (await connects(url)) return true;
    await pause(POLL_MILLISECONDS);
  }
  return false;
}

const START_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 10;

async function connects(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString });
  client.on("error", () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}

/**
 * Below the range that the kernel gives to outgoing connections: a client that keeps trying while the server is down would
 * sooner or later be given the server's own port, and talk to itself.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) return port;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
