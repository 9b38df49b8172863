import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "@raingauge/wire";
import { LedgerConflict } from "../../ledger.ts";

/** A server that runs on a cluster, and the process that it runs for. */
export interface Occupant {
  readonly server: number;
  readonly holder: number;
}

/**
 * A server carries on its command line whose it is: the folder's digest, and the process that holds it. Thus there is no
 * lock file for a crash to leave behind, and a stranger that got the number of a dead server is not taken for it.
 */
export const occupancy = (data: string, holder: number): string => `${mark(data)}${holder}`;

const mark = (data: string): string => `raingauge-${sha256(data).slice(0, 16)}-`;

export function occupantOf(data: string): Occupant | undefined {
  const server = noted(data);
  const command = commandLine(server);
  const holder = command.split(mark(data))[1];
  if (holder !== undefined) return { server, holder: Number.parseInt(holder, 10) };
  if (/\bpostgres\b/.test(command) && !command.includes("raingauge-"))
    throw new LedgerConflict(`process ${server} runs a PostgreSQL in ${data} that is not ours`);
  return undefined;
}

/** Whether the pid file is of a dead server whose number a stranger bears now. */
export const isStale = (data: string): boolean => commandLine(noted(data)) !== "" && occupantOf(data) === undefined;

export const isAlive = (pid: number): boolean => commandLine(pid) !== "";

/** The server in the pid file, 0 for none. PostgreSQL writes it when it starts and leaves it behind only when it is killed. */
function noted(data: string): number {
  try {
    return Number.parseInt(readFileSync(join(data, "postmaster.pid"), "utf8"), 10) || 0;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
    throw error;
  }
}

/** Empty for a process that is gone. */
function commandLine(pid: number): string {
  if (pid === 0) return "";
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}
