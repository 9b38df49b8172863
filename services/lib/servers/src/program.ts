import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export interface Command {
  readonly path: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Whom it runs as, where it refuses to run as us. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** What asks it to end in good order. */
  readonly farewell?: NodeJS.Signals;
}

export interface Program {
  /** Why it ended by itself, with the last lines of its log; undefined while it runs. */
  failure(): string | undefined;
  /** Resolves when it has ended, by itself or not. */
  readonly ended: Promise<void>;
  /** Ends it in good order, and by SIGKILL when that takes too long. */
  end(): Promise<void>;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Starts a program in a process group of its own, logging into `folder`, bound to die with this process. A `scratch` folder
 * dies with it as well.
 */
export const run = (command: Command, folder: string, scratch = ""): Program => {
  const log = join(folder, "server.log");
  const child = launch(command, folder, log);
  const keeper = keep(child, scratch);
  const ended = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  }).then(() => {
    killGroup(child);
    release(keeper);
  });
  const kill = async (signal: NodeJS.Signals = "SIGKILL"): Promise<void> => {
    child.ref();
    if (signal !== "SIGKILL" && child.kill(signal)) await Promise.race([ended, patience()]);
    if (!hasEnded(child)) killGroup(child);
    await ended;
  };
  return {
    failure: () => (hasEnded(child) ? `it ended by itself; its log says:\n${lastLines(log)}` : undefined),
    ended,
    end: () => kill(command.farewell ?? "SIGTERM"),
    kill,
  };
};

/** Longer than any of our servers needs to end in good order. */
const patience = (): Promise<void> => pause(10_000, undefined, { ref: false });

const launch = ({ path, args, env, user }: Command, folder: string, log: string): ChildProcess => {
  const output = openSync(log, "a");
  const child = spawn(path, args, {
    cwd: folder,
    detached: true,
    // biome-ignore lint/style/noProcessEnv: a program inherits what a shell would give it
    env: { ...process.env, ...env },
    stdio: ["ignore", output, output],
    ...user,
  });
  closeSync(output);
  child.unref();
  return child;
};

/**
 * A process may be killed outright, and then no handler of ours runs. The keeper is a shell in a session of its own
 * that waits on a pipe whose other end only we hold: our death closes it, whatever the cause, and the keeper tidies up.
 */
const keep = (child: ChildProcess, scratch: string): ChildProcess => {
  const keeper = spawn("/bin/sh", ["-c", KEEPER, "keeper", String(child.pid), scratch], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  keeper.unref();
  return keeper;
};

const KEEPER =
  'read -r released && exit; kill -s KILL -- "-$1"; for try in 1 2 3; do rm -rf "$2" && exit; sleep 1; done';

const release = (keeper: ChildProcess): void => {
  keeper.stdin?.on("error", () => undefined);
  keeper.stdin?.end("released\n");
};

const hasEnded = (child: ChildProcess): boolean =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

/** The whole group: a server's own children must not outlive it. That none is left is what we want, not an error. */
const killGroup = ({ pid }: ChildProcess): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // ESRCH: nobody is left in the group
  }
};

const lastLines = (log: string): string => readFileSync(log, "utf8").trimEnd().split("\n").slice(-20).join("\n");
