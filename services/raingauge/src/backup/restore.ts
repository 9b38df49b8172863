import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Refused } from "../client.ts";
import { DATA, LEDGER_DUMP } from "./backup.ts";
import { restoreLedger } from "./dump.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { copyTree, digestOf, filesIn } from "./tree.ts";

export interface Restoring {
  readonly source: string;
  readonly data: string;
  readonly ledgerUrl: URL | undefined;
}

/** A backup, back in its place: an empty folder, and an empty database where the ledger was dumped. Nothing is mixed. */
export async function restore({ source, data, ledgerUrl }: Restoring): Promise<Manifest> {
  const manifest = readManifest(source);
  await whole(source, manifest);
  const hasFiles = existsSync(join(source, DATA));
  if (hasFiles && existsSync(data) && readdirSync(data).length > 0) throw new Refused(`${data} is not empty`);
  if (manifest.ledger === "dump") {
    if (ledgerUrl === undefined)
      throw new Refused("the ledger was in a PostgreSQL: name an empty database in RAINGAUGE_LEDGER_URL");
    await restoreLedger(ledgerUrl, join(source, LEDGER_DUMP));
  }
  if (hasFiles) {
    mkdirSync(data, { recursive: true, mode: 0o700 });
    await copyTree(join(source, DATA), data, await filesIn(join(source, DATA)));
  }
  return manifest;
}

/** Before anything is written: a file that is missing, added or altered says so. */
async function whole(source: string, { files }: Manifest): Promise<void> {
  const found = new Set((await filesIn(source)).map(({ path }) => path).filter((path) => path !== "backup.json"));
  for (const [path, { sha256 }] of Object.entries(files)) {
    if (!found.delete(path)) throw new Refused(`the backup lacks ${path}`);
    if ((await digestOf(join(source, path))) !== sha256)
      throw new Refused(`${path} in the backup is not as it was made`);
  }
  const [stray] = found;
  if (stray !== undefined) throw new Refused(`${stray} was not in the backup when it was made`);
}
