import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StoreInUse } from "./duckdb/duckdb.ts";
import { copyHeld } from "./duckdb/held.ts";
import { duckdbPath, duckdbUrl, type OpenOptions, openStore } from "./open.ts";
import type { SampleStore } from "./store.ts";

export interface ReadOptions extends OpenOptions {
  /** Is told when a copy is read, since another process holds the file. */
  readonly onCopy?: (reason: string) => void;
}

/**
 * Opens a store to read from it, also a DuckDB file that another process holds: then a copy of it as it is now, which goes when the
 * store is disposed of. The copy lies where temporary files do.
 */
export async function openToRead(url: URL, { onCopy, ...options }: ReadOptions): Promise<SampleStore> {
  try {
    return await openStore(url, options);
  } catch (error) {
    const path = duckdbPath(url);
    if (!(error instanceof StoreInUse) || path === undefined) throw error;
    onCopy?.(error.message);
    return openCopy(path, options);
  }
}

async function openCopy(path: string, options: OpenOptions): Promise<SampleStore> {
  const folder = await mkdtemp(join(tmpdir(), "raingauge-copy-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, "samples.duckdb");
    await copyHeld(path, copy);
    const store = await openStore(duckdbUrl(copy), options);
    return { ...store, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]().then(remove, remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}
