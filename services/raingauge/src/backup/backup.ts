import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { at } from "@raingauge/domain";
import { assertVacant } from "@raingauge/ledger/embedded";
import { duckdbUrl, openStore } from "@raingauge/store/open";
import { Refused } from "../client.ts";
import { dumpLedger } from "./dump.ts";
import { type Manifest, writeManifest } from "./manifest.ts";
import { copyTree, digestOf, type Found, filesIn } from "./tree.ts";

export interface BackingUp {
  /** The data folder; undefined where the processes run apart and only the ledger is ours to dump. */
  readonly data: string | undefined;
  readonly target: string;
  /** A PostgreSQL that holds the ledger instead of the folder. */
  readonly ledgerUrl: URL | undefined;
  /** Whether readings rest elsewhere than in the folder. */
  readonly storeElsewhere: boolean;
  readonly now: Date;
}

/** Where in a backup the data folder lies. */
export const DATA = "data";
export const LEDGER_DUMP = "ledger.dump";

/**
 * Everything that a Raingauge keeps, in a new folder. What it holds in files is copied at rest: a process on the folder is an
 * error, and one that begins meanwhile too. A ledger in a PostgreSQL is dumped as it stands at one moment, in use or not.
 */
export async function backup({ data, target, ledgerUrl, storeElsewhere, now }: BackingUp): Promise<Manifest> {
  if (existsSync(target) && readdirSync(target).length > 0) throw new Refused(`${target} is not empty`);
  mkdirSync(target, { recursive: true, mode: 0o700 });
  chmodSync(target, 0o700);
  if (ledgerUrl !== undefined) await dumpLedger(ledgerUrl, join(target, LEDGER_DUMP));
  if (data !== undefined)
    await copied(data, join(target, DATA), { ledger: ledgerUrl === undefined, store: !storeElsewhere });
  const files: Record<string, Manifest["files"][string]> = {};
  for (const { path, bytes } of await filesIn(target))
    files[path] = { bytes, sha256: await digestOf(join(target, path)) };
  const manifest: Manifest = {
    ...{ format: 1, madeAt: now.toISOString(), files },
    ledger: ledgerUrl === undefined ? "files" : "dump",
    store: storeElsewhere ? "elsewhere" : "files",
  };
  writeManifest(target, manifest);
  return manifest;
}

interface Resting {
  readonly ledger: boolean;
  readonly store: boolean;
}

async function copied(data: string, target: string, resting: Resting): Promise<void> {
  if (!existsSync(data)) throw new Refused(`there is no folder ${data}`);
  await atRest(data, resting);
  const before = await filesIn(data);
  await copyTree(data, target, before);
  if (!same(before, await filesIn(data))) {
    rmSync(target, { recursive: true });
    throw new Refused(`something was written in ${data} while it was copied: stop what runs there, and begin again`);
  }
}

/** Opening the store takes its lock, and writes back what a process that died has left beside the file. */
async function atRest(data: string, { ledger, store }: Resting): Promise<void> {
  const file = join(data, "samples.duckdb");
  if (store && existsSync(file)) {
    await using opened = await openStore(duckdbUrl(file), { clock: () => at(Date.now()) });
    await opened.watermark();
  }
  if (ledger) assertVacant(join(data, "ledger"));
}

const same = (before: readonly Found[], after: readonly Found[]): boolean =>
  JSON.stringify(before) === JSON.stringify(after);
