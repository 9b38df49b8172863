import type { AddressInfo, Server } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { type Answer, answering } from "./answering.ts";
import type { Exposition } from "./metrics.ts";

/** Why not, in a few words; undefined where all is well. */
export type Check = () => string | undefined | Promise<string | undefined>;

export interface Health extends AsyncDisposable {
  readonly port: number;
}

export interface HealthOptions {
  readonly port: number;
  /** Nobody but this machine is told anything unless an operator says so. */
  readonly host?: string;
  readonly metrics: readonly Exposition[];
  /** What must hold before this process may be given work, each by the name of the part. */
  readonly ready: Readonly<Record<string, Check>>;
}

/**
 * `/metrics` for Prometheus; `/healthz` answers while the process can answer at all; `/readyz` says ok, or with 503 which
 * part is not ready and why.
 */
export async function health({ port, host = "127.0.0.1", metrics, ready }: HealthOptions): Promise<Health> {
  const server = answering((path) => answer(path, metrics, ready));
  await listening(server, port, host);
  return { port: boundPort(server), [Symbol.asyncDispose]: () => closed(server) };
}

async function answer(path: string, metrics: HealthOptions["metrics"], ready: HealthOptions["ready"]): Promise<Answer> {
  switch (path) {
    case "/healthz":
      return { status: 200, body: "ok\n" };
    case "/readyz":
      return readiness(ready);
    case "/metrics": {
      const texts = await Promise.all(metrics.map((each) => each.text()));
      return { status: 200, body: texts.join("\n"), type: "text/plain; version=0.0.4; charset=utf-8" };
    }
    default:
      return { status: 404, body: "there is /healthz, /readyz and /metrics\n" };
  }
}

async function readiness(ready: HealthOptions["ready"]): Promise<Answer> {
  const told = await Promise.all(
    Object.entries(ready).map(async ([name, check]) => [name, await whyNot(check)] as const),
  );
  const missing = told.filter(([, why]) => why !== undefined);
  if (missing.length === 0) return { status: 200, body: "ok\n" };
  return { status: 503, body: missing.map(([name, why]) => `${name}: ${why}\n`).join("") };
}

/** A check that fails is an answer too, and so is one that does not come: who probes us would otherwise give up without a reason. */
export async function whyNot(check: Check): Promise<string | undefined> {
  const answered = new AbortController();
  try {
    return await Promise.race([check(), silence(answered.signal)]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    answered.abort();
  }
}

const silence = (answered: AbortSignal): Promise<string> =>
  pause(SILENCE_MILLISECONDS, "does not answer", { signal: answered, ref: false });

const SILENCE_MILLISECONDS = 2_000;

const listening = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });

function boundPort(server: Server): number {
  const address = server.address();
  return isTcp(address) ? address.port : 0;
}

const isTcp = (address: AddressInfo | string | null): address is AddressInfo =>
  typeof address === "object" && address !== null;

const closed = (server: Server & Disposable): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server[Symbol.dispose]();
  });
