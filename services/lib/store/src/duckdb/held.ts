import { constants } from "node:fs";
import { copyFile, open, readdir, rm } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { StoreUnavailable } from "../store.ts";

/**
 * Copies a file that another process holds and goes on writing to: what it had committed when this began, and maybe more. DuckDB
 * writes what is committed to the log beside the file, which only grows, and large parts of it into the file before, in blocks that
 * nothing there points to yet. Only a checkpoint changes what the file's head points to, and empties the log. So the log, and after
 * it the file, are what a process would find that was killed in between, if the head is the same before and after; a checkpoint
 * meanwhile, and all is copied anew.
 */
export async function copyHeld(path: string, target: string): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const before = await headOf(path);
    await rm(logOf(target), { force: true });
    await copyFile(logOf(path), logOf(target)).catch(unlessAbsent);
    await copyFile(path, target, constants.COPYFILE_FICLONE);
    if (before !== undefined && before === (await headOf(path))) return;
  }
  throw new StoreUnavailable(
    `The store file ${path} changes faster than it can be copied: try again when less arrives, or stop its process.`,
  );
}

/** A checkpoint comes with some megabytes of log, so seconds lie between two. */
const TRIES_MAX = 20;

const logOf = (path: string): string => `${path}.wal`;

/** The file's head, as long as no checkpoint is under way: the three blocks that say which of all others count. */
async function headOf(path: string): Promise<string | undefined> {
  const names = await readdir(dirname(path));
  const logs = names.filter((name) => name.startsWith(`${basename(path)}.`) && name.endsWith("wal"));
  if (logs.some((name) => name !== basename(logOf(path)))) return undefined;
  await using file = await open(path, "r");
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return buffer.toString("latin1", 0, bytesRead);
}

const HEAD_BYTES = 3 * 4_096;

function unlessAbsent(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}
