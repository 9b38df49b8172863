import { cpus, loadavg, release, totalmem, type } from "node:os";
import { version as duckdb } from "@duckdb/node-api";

/** Where a run was made: no figure means anything without it. */
export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryBytes: number;
  readonly system: string;
  /** How many programs wanted a core when the run began. Above zero, others had a part of the machine. */
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
}

export const machine = (): Machine => ({
  cores: cpus().length,
  processor: cpus()[0]?.model ?? "unknown",
  memoryBytes: totalmem(),
  system: `${type()} ${release()}`,
  load: Number((loadavg()[0] ?? 0).toFixed(1)),
  versions: { node: process.versions.node, duckdb: duckdb().replace(/^v/, "") },
});
