import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { answered, type Greeting } from "./answer.ts";
import { executable } from "./executable.ts";
import { privatePort } from "./port.ts";
import { type Command, run } from "./program.ts";

/** A server that we started and that ends with us. */
export interface Started extends AsyncDisposable {
  readonly url: string;
}

export const natsExecutable = (): string | undefined => executable("nats-server");

/**
 * Starts a nats-server with JetStream on a private port, keeping its streams in `folder` across runs. One that ends by itself
 * is started again in its place. Throws ServerMissing.
 */
export async function startNats(folder: string): Promise<Started> {
  if (natsExecutable() === undefined) throw new ServerMissing("nats-server");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { url, greeting, command } = await natsRecipe(folder);
  let program = run(command, folder);
  await answered(greeting, () => program.failure());
  const stop = new AbortController();
  const kept = keep(async () => {
    await program.ended;
    await pause(RESTART_MILLISECONDS, undefined, { signal: stop.signal });
    program = run(command, folder);
  }, stop.signal);
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await program.end();
      await kept;
    },
  };
}

/** So that one that cannot start does not keep the machine busy. */
const RESTART_MILLISECONDS = 500;

async function keep(again: () => Promise<void>, signal: AbortSignal): Promise<void> {
  try {
    while (!signal.aborted) await again();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

interface NatsRecipe {
  readonly url: string;
  readonly greeting: Greeting;
  readonly command: Command;
}

/** How to run a nats-server with JetStream that keeps everything in `folder` and answers this machine alone. */
export async function natsRecipe(folder: string): Promise<NatsRecipe> {
  const port = await privatePort();
  const args = ["-js", "-sd", join(folder, "store"), "-a", "127.0.0.1", "-p", String(port)];
  return {
    url: `nats://127.0.0.1:${port}`,
    greeting: { port, hello: Buffer.alloc(0), welcome: "INFO {" },
    command: { path: natsExecutable() ?? "nats-server", args },
  };
}

/** A server that is not on this machine, and the line that puts it there. */
export class ServerMissing extends Error {
  override readonly name = "ServerMissing";

  constructor(server: string) {
    super(
      `${server} is not on this machine; install it (Debian, Ubuntu: apt-get install ${server}) or name a running one in the configuration`,
    );
  }
}
