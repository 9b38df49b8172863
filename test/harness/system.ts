import { chownSync, mkdtempSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { answered, type Command, type Greeting, type Program, run } from "@raingauge/servers";
import type { Engine } from "./server.ts";

export interface Recipe {
  readonly folder: string;
  readonly greeting: Greeting;
  readonly command: Command;
  /** Done once, before the first start. */
  readonly prepare?: () => Promise<void>;
  /** Must run beside it for as long as it exists, also while it is killed and restarted. */
  readonly companion?: Command;
  /** What ends it without a goodbye, where SIGKILL to its group would leave some of it behind. */
  readonly crash?: NodeJS.Signals;
}

/** A server run from the system's own binary. */
export const systemEngine = ({ folder, greeting, command, prepare, companion, crash }: Recipe): Engine => {
  let prepared = prepare === undefined;
  let beside: Program | undefined;
  let server: Program | undefined;
  return {
    start: async () => {
      if (!prepared) await prepare?.();
      prepared = true;
      if (companion !== undefined) beside ??= run(companion, folder, folder);
      const started = run(command, folder, folder);
      server = started;
      await answered(greeting, () => started.failure());
    },
    kill: async () => server?.kill(crash),
    clear: async () => {
      await server?.end();
      await beside?.end();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

export type Account = { readonly uid: number; readonly gid: number };

/** Whom a server runs as when it refuses to run as root; undefined where we are not root. */
export const unprivileged = (preferred: string): Account | undefined =>
  userInfo().uid === 0 ? (account(preferred) ?? account("nobody")) : undefined;

const account = (name: string): Account | undefined => {
  const fields = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .find(([login]) => login === name);
  return fields === undefined ? undefined : { uid: Number(fields[2]), gid: Number(fields[3]) };
};

export const privateFolder = (name: string, owner?: Account, within: string = tmpdir()): string => {
  const folder = mkdtempSync(join(within, `raingauge-${name}-`));
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  return folder;
};
