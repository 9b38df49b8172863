import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, chown, constants, copyFile, lstat, mkdir, readdir, utimes } from "node:fs/promises";
import { join, relative } from "node:path";
import { pipeline } from "node:stream/promises";

/** A file of a tree, as it was found. */
export interface Found {
  /** From the tree's root. */
  readonly path: string;
  readonly bytes: number;
  readonly changedMs: number;
}

/** What tells where a process runs means nothing to the next one, and would mislead it. */
const OF_A_PROCESS: ReadonlySet<string> = new Set(["postmaster.pid", "door.json"]);

/** PostgreSQL's own programs, which the ledger copies beside its data where it is not root, come back by themselves. */
const PROGRAMS = /(^|\/)ledger\/postgresql-[^/]*(\/|$)/;

/** Every file of a tree that outlives the processes on it. Sockets and links are left out. */
export async function filesIn(root: string): Promise<Found[]> {
  const found: Found[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || OF_A_PROCESS.has(entry.name) || PROGRAMS.test(relative(root, path))) continue;
    const { size, mtimeMs } = await lstat(path);
    found.push({ path: relative(root, path), bytes: size, changedMs: mtimeMs });
  }
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * The folders of a tree and these of its files, somewhere else: with their modes and times, and with their owners where we are
 * root, since the ledger's PostgreSQL runs as another. Empty folders are copied too: PostgreSQL wants its own.
 */
export async function copyTree(from: string, to: string, files: readonly Found[]): Promise<void> {
  await copyFolder(from, to);
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory() && !PROGRAMS.test(relative(from, path)))
      await copyFolder(path, join(to, relative(from, path)));
  }
  for (const { path } of files) {
    // Where the file system can share blocks between files, it does: such a copy takes no time.
    await copyFile(join(from, path), join(to, path), constants.COPYFILE_FICLONE);
    await likeness(join(from, path), join(to, path));
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  await likeness(from, to);
}

async function likeness(from: string, to: string): Promise<void> {
  const { mode, uid, gid, atime, mtime } = await lstat(from);
  if (process.getuid?.() === 0) await chown(to, uid, gid);
  await chmod(to, mode);
  await utimes(to, atime, mtime);
}

export async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
