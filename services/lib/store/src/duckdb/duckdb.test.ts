import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeSampleStore, type Place } from "../conformance.ts";
import { duckdbStore } from "./duckdb.ts";

async function folder(): Promise<Place> {
  const here = await mkdtemp(join(tmpdir(), "raingauge-store-"));
  return {
    open: (clock) => duckdbStore({ path: join(here, "samples.duckdb"), clock }),
    [Symbol.asyncDispose]: () => rm(here, { recursive: true }),
  };
}

describeSampleStore("duckdb", folder);
