import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { LedgerConflict, LedgerUnavailable } from "../../ledger.ts";
import { type Cluster, clusterIn } from "./cluster.ts";
import { isAlive, isStale, occupantOf } from "./occupant.ts";
import { freePort, type Running, start } from "./running.ts";

/**
 * A server on the cluster in a folder, ours alone. What an earlier process left behind is cleared away first: a server that
 * is still shutting down, one that was orphaned, the pid file of one that was killed. One that ends by itself is started
 * again in its place, at the same address.
 */
export async function embeddedServer(folder: string): Promise<Pick<Running, "url" | "stop">> {
  const cluster = await clusterIn(folder);
  let running = await begin(cluster);
  const { url } = running;
  const released = new AbortController();
  const kept = (async (): Promise<void> => {
    for (await running.ended; !released.signal.aborted; await running.ended)
      running = await beginAgain(cluster, portOf(url), released.signal);
  })();
  const stop = async (): Promise<void> => {
    released.abort();
    await running.stop();
    await kept;
  };
  return { url, stop };
}

/** The first start, on a port that is free now. */
async function begin(cluster: Cluster): Promise<Running> {
  for (let attempt = 1; ; attempt += 1) {
    await vacate(cluster);
    const started = await start(cluster, await freePort());
    if (typeof started !== "string") return started;
    if (attempt === ATTEMPTS)
      throw new LedgerUnavailable(`the embedded PostgreSQL did not start, and says: ${started}`);
  }
}

/** Another process may take the port, or the folder, between our look and our leap; then the next look tells. */
const ATTEMPTS = 3;

/**
 * However long it takes: children of a server that was killed outlive it for a moment, a full disk for longer. Until then
 * every call says `LedgerUnavailable`, and nothing is issued.
 */
async function beginAgain(cluster: Cluster, port: number, released: AbortSignal): Promise<Running> {
  for (;;) {
    await pause(RESTART_MILLISECONDS);
    if (released.aborted) return NOTHING;
    clearStale(cluster);
    const started = await start(cluster, port);
    if (typeof started === "string") continue;
    // We may have let go of it while it was coming up.
    if (released.aborted) await started.stop();
    return started;
  }
}

const RESTART_MILLISECONDS = 500;

/** Stands for a server where none was started any more. */
const NOTHING: Running = { url: "", ended: Promise.resolve(), stop: () => Promise.resolve() };

const portOf = (url: string): number => Number(new URL(url).port);

/** Resolves when no server runs on the cluster. Throws `LedgerConflict` where one runs for a living process. */
async function vacate(cluster: Cluster): Promise<void> {
  const occupant = occupantOf(cluster.data);
  if (occupant === undefined) return clearStale(cluster);
  const { server, holder } = occupant;
  if (isAlive(holder)) throw new LedgerConflict(`the ledger in ${cluster.folder} is in use by process ${holder}`);
  stop(server);
  for (let waited = 0; occupantOf(cluster.data)?.server === server; waited += POLL_MILLISECONDS) {
    if (waited > STOP_MILLISECONDS)
      throw new LedgerUnavailable(`process ${server}, left over in ${cluster.folder}, does not stop`);
    await pause(POLL_MILLISECONDS);
  }
  return vacate(cluster);
}

const POLL_MILLISECONDS = 20;
/** Longer than a shutdown takes in which 64 MB of log are written back; after that something is wrong. */
const STOP_MILLISECONDS = 60_000;

/** PostgreSQL sees for itself that the server in its pid file is dead, unless another process has got that number. */
function clearStale({ data }: Cluster): void {
  if (isStale(data)) rmSync(join(data, "postmaster.pid"));
}

/** At once, but in good order. It may have ended by itself in this moment, and that is what we want. */
function stop(server: number): void {
  try {
    process.kill(server, "SIGINT");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
