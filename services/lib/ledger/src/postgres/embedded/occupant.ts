import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "@raingauge/wire";
import { LedgerConflict } from "../../ledger.ts";
import { dataArgument } from "./cluster.ts";

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
  const { server, place } = noted(data);
  const command = commandLine(server);
  const holder = command.split(mark(data))[1];
  if (holder !== undefined) return { server, holder: Number.parseInt(holder, 10) };
  if (place === dataArgument(data) || !command.includes("postgres")) return undefined;
  throw new LedgerConflict(`process ${server} runs a PostgreSQL in ${data} that is not ours`);
}

/** Whether the pid file is of a dead server whose number a stranger bears now, say another PostgreSQL after a reboot. */
export const isStale = (data: string): boolean => isAlive(noted(data).server) && occupantOf(data) === undefined;

export const isAlive = (pid: number): boolean => commandLine(pid) !== "";

/**
 * What the pid file says: the server, 0 for none, and where that server believes its data to be. PostgreSQL writes it when
 * it starts and leaves it behind only when it is killed.
 */
function noted(data: string): { readonly server: number; readonly place: string } {
  try {
    const [server = "", place = ""] = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
    return { server: Number.parseInt(server, 10) || 0, place };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { server: 0, place: "" };
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
