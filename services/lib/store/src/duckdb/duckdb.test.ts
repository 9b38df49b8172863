import { existsSync, statfsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeSampleStore, type Place } from "../conformance.ts";
import { duckdbStore } from "./duckdb.ts";

/**
 * Two hundred stores are made and closed, and none of them has to outlive its machine: a disk would be waited for at each commit.
 * A container often has too little of such memory.
 */
const MEMORY = existsSync("/dev/shm") && freeBytes("/dev/shm") > 1024 ** 3 ? "/dev/shm" : tmpdir();

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

async function folder(): Promise<Place> {
  const here = await mkdtemp(join(MEMORY, "raingauge-store-"));
  return {
    open: (clock) => duckdbStore({ path: join(here, "samples.duckdb"), clock }),
    [Symbol.asyncDispose]: () => rm(here, { recursive: true }),
  };
}

describeSampleStore("duckdb", folder);
