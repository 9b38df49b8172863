import { readFileSync, statSync } from "node:fs";
import { LedgerConflict } from "../../ledger.ts";

/** Whom PostgreSQL runs as where we are root, for it refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Undefined where it runs as we do. As root it runs as the owner of the data that is there already, else as `postgres`,
 * else as `nobody`, one of which every system has.
 */
export function accountFor(data: string): Account | undefined {
  const owner = statSync(data, { throwIfNoEntry: false });
  if (process.getuid?.() !== 0) return owner === undefined ? undefined : checkOurs(owner, data);
  return owner ?? passwdEntry("postgres") ?? passwdEntry("nobody");
}

function checkOurs({ uid }: Account, data: string): undefined {
  if (uid !== process.getuid?.())
    throw new LedgerConflict(`${data} belongs to user ${uid}; run as that user, or as root`);
}

function passwdEntry(name: string): Account | undefined {
  const entries = readFileSync("/etc/passwd", "utf8").split("\n");
  const fields = entries.map((entry) => entry.split(":")).find(([login]) => login === name);
  return fields && { uid: Number(fields[2]), gid: Number(fields[3]) };
}
