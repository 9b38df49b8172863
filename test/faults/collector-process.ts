import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../services/collector/src/main.ts", import.meta.url));

interface Places {
  readonly url: string;
  readonly storeUrl: string;
  readonly storeToken?: string;
  /** Another program in place of the collector's own, for a death that no signal from outside would hit. */
  readonly main?: string;
}

/** A collector as a process of its own, to be killed; one life at a time. */
export class Collector implements AsyncDisposable {
  readonly #places: Places;
  #life: ChildProcess | undefined;

  constructor(places: Places) {
    this.#places = places;
  }

  /** Resolves as soon as it has begun to collect. */
  async start(): Promise<void> {
    const { url, storeUrl, storeToken = "", main = MAIN } = this.#places;
    this.#life = spawn(process.execPath, [main], {
      env: {
        NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
        RAINGAUGE_NATS_URL: url,
        RAINGAUGE_STORE_URL: storeUrl,
        RAINGAUGE_STORE_TOKEN: storeToken,
        RAINGAUGE_COLLECTOR_BATCH_MESSAGES: "32",
        RAINGAUGE_COLLECTOR_ROLL_UP: "* * * * * *",
        RAINGAUGE_COLLECTOR_HEALTH_PORT: "0",
        RAINGAUGE_BUS_ACK_WAIT: "1",
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
    await begun(this.#life);
  }

  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Resolves when it has ended by itself. */
  async ended(): Promise<void> {
    const life = this.#life;
    if (life === undefined || life.exitCode !== null || life.signalCode !== null) return;
    await once(life, "exit");
  }

  /** Asks it to end in good order, and returns how it did. */
  stop(): Promise<number | null> {
    return this.#end("SIGTERM");
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const life = this.#life;
    this.#life = undefined;
    if (life === undefined) return null;
    if (life.exitCode !== null || life.signalCode !== null) return life.exitCode;
    const ended = once(life, "exit");
    life.kill(signal);
    await ended;
    return life.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

/** Rejects with what it said where it ended instead. */
function begun(life: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let said = "";
  life.stderr?.on("data", (part: Buffer) => {
    said = (said + part.toString()).slice(-10_000);
    if (said.includes('"collector started"')) resolve();
  });
  life.once("exit", (code) => reject(new Error(`the collector ended with ${code}; it said:\n${said}`)));
  return promise;
}
