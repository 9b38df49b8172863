import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Refused } from "../client.ts";

const Manifest = z.object({
  format: z.literal(1),
  madeAt: z.string(),
  /** Where the ledger was: its files are among ours, or its dump is `ledger.dump`. */
  ledger: z.enum(["files", "dump"]),
  /** Where readings were; elsewhere than in our files they have a backup of their own. */
  store: z.enum(["files", "elsewhere"]),
  /** Every file but this one, by its path in the backup. */
  files: z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() })),
});

/** What is in a backup, so that a restore can tell a whole one from a part of one, and from another that was altered. */
export type Manifest = z.infer<typeof Manifest>;

const NAME = "backup.json";

/** Written last: a backup without it was broken off. */
export const writeManifest = (folder: string, manifest: Manifest): void =>
  writeFileSync(join(folder, NAME), `${JSON.stringify(manifest, undefined, 1)}\n`, { mode: 0o600 });

export function readManifest(folder: string): Manifest {
  const path = join(folder, NAME);
  if (!existsSync(path)) throw new Refused(`${folder} holds no whole backup: there is no ${NAME} in it`);
  const read = Manifest.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!read.success) throw new Refused(`${path} is not of a form that this release knows`);
  return read.data;
}
