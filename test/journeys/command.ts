import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../services/raingauge/src/main.ts", import.meta.url));
const PRICES = fileURLToPath(new URL("../../docs/examples/price-book.yaml", import.meta.url));

/** A price book with a tie in it. */
export const OVERLAPPING = fileURLToPath(new URL("overlapping-book.yaml", import.meta.url));

/** How a command ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export type Environment = Readonly<Record<string, string>>;

/** The command as somebody types it, with no setting but these. */
export async function typed(args: readonly string[], env: Environment = {}): Promise<Ended> {
  const child = spawned(args, env);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), ended(child)]);
  return { code: child.exitCode, out, err };
}

const spawned = (args: readonly string[], env: Environment) =>
  spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

/** A `raingauge up` on a folder of its own, and the tools that ask it; one life at a time, and it may be killed. */
export class Installed implements AsyncDisposable {
  readonly #scratch = mkdtempSync(join(tmpdir(), "raingauge-journey-"));
  readonly folder = join(this.#scratch, "data");
  readonly #env: Environment;
  #life: ChildProcess | undefined;
  #said = "";

  constructor(env: Environment = {}) {
    this.#env = {
      RAINGAUGE_DATA: this.folder,
      RAINGAUGE_LISTEN_PORT: "0",
      RAINGAUGE_PRICE_BOOK: PRICES,
      // Months are closed when a test says so.
      RAINGAUGE_GRACE_HOURS: "720",
      ...env,
    };
  }

  /** Resolves when it says that it has started; rejects with what it said where it ended instead. */
  async up(): Promise<void> {
    const life = spawned(["up"], this.#env);
    this.#life = life;
    this.#said = "";
    life.stdout.resume();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    life.stderr.on("data", (part: Buffer) => {
      this.#said = (this.#said + part.toString()).slice(-100_000);
      if (this.#said.includes('"raingauge started"')) resolve();
    });
    life.once("exit", (code) => reject(new Error(`up ended with ${code}; it said:\n${this.#said}`)));
    await promise;
  }

  /** Resolves once it says that it is ready. */
  async ready(): Promise<void> {
    while (!(await this.get("/readyz")).ok) await pause(50);
  }

  /** What it has said in this life. */
  get said(): string {
    return this.#said;
  }

  /** Asks it to end in good order, and returns how it did. */
  stop(): Promise<number | null> {
    return this.#end("SIGTERM");
  }

  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const life = this.#life;
    if (life === undefined) return null;
    life.kill(signal);
    await ended(life);
    return life.exitCode;
  }

  /** A tool, asked for people. */
  type(...args: readonly string[]): Promise<Ended> {
    return typed(args, this.#env);
  }

  /** A tool, asked for programs. Throws what it said where it failed. */
  async ask<T>(...args: readonly string[]): Promise<T> {
    const { code, out, err } = await this.type(...args, "--json");
    if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${err}${out}`);
    return JSON.parse(out) as T;
  }

  /** As the administrator of this machine. */
  get(path: string): Promise<Response> {
    const token = readFileSync(join(this.folder, "admin.token"), "utf8").trim();
    return fetch(new URL(path, this.door.url), { headers: { authorization: `Bearer ${token}` } });
  }

  /** Where it answers, as it left word in its folder. */
  get door(): { readonly url: string; readonly natsUrl: string } {
    return JSON.parse(readFileSync(join(this.folder, "door.json"), "utf8"));
  }

  /** What it counts, of those lines of `/metrics` that match. */
  async counts(of: RegExp): Promise<Counts> {
    const lines = (await (await this.get("/metrics")).text()).split("\n").filter((line) => of.test(line));
    return { of, counts: Object.fromEntries(lines.map(counted)) };
  }

  /** The sum over all labels of what it counts under a name. */
  async counted(name: string): Promise<number> {
    return Object.values((await this.counts(new RegExp(`^${name}[ {]`))).counts).reduce((sum, each) => sum + each, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if ((await this.stop()) === null) await this.kill();
    rmSync(this.#scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Counts by name and labels. */
export interface Counts {
  readonly of: RegExp;
  readonly counts: Readonly<Record<string, number>>;
}

function counted(line: string): [string, number] {
  const space = line.lastIndexOf(" ");
  return [line.slice(0, space), Number(line.slice(space))];
}
