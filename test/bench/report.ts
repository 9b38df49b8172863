import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Benchmark, Figure } from "./benchmark.ts";
import { type Machine, machine } from "./machine.ts";
import { startServers } from "./servers.ts";

/** All of one run on one machine. */
export interface Report {
  readonly machine: Machine;
  readonly scale: number;
  readonly benchmarks: readonly Result[];
}

/** A benchmark that could not be run has no figures, and says why. */
export interface Result {
  readonly name: string;
  readonly figures: readonly Figure[];
  readonly skipped?: string;
}

export interface Run {
  readonly scale: number;
  readonly folder: string;
  readonly say: (doing: string) => void;
}

/** Runs one benchmark after the other, so that each has the machine for itself. */
export async function reportOf(benchmarks: readonly Benchmark[], run: Run): Promise<Report> {
  const here = machine();
  const versions = { ...here.versions };
  const results: Result[] = [];
  for (const benchmark of benchmarks) {
    const { versions: more, ...result } = await resultOf(benchmark, run);
    Object.assign(versions, more);
    results.push(result);
  }
  return { machine: { ...here, versions }, scale: run.scale, benchmarks: results };
}

type Ran = Result & { readonly versions: Readonly<Record<string, string>> };

async function resultOf({ name, needs, run }: Benchmark, { scale, folder, say }: Run): Promise<Ran> {
  if (needs.length > 0) say(`${name}: starting ${needs.join(" and ")}`);
  const servers = await startServers(needs);
  if (typeof servers === "string") return { name, figures: [], skipped: servers, versions: {} };
  await using started = servers;
  const mine = join(folder, name);
  await mkdir(mine);
  try {
    const bench = { scale, folder: mine, url: started.url, say: (doing: string) => say(`${name}: ${doing}`) };
    return { name, figures: await run(bench), versions: started.versions };
  } finally {
    await rm(mine, { recursive: true });
  }
}
