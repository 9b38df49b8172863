import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Another process works in this folder. */
export class FolderHeld extends Error {
  override readonly name = "FolderHeld";
}

/**
 * Makes one process the only one in a folder, until it ends in whatever way: a lock whose process is gone counts for
 * nothing. (Processes that do not see each other's ids, as in two containers, must not share a folder.)
 */
export async function locked(folder: string): Promise<AsyncDisposable> {
  const lock = join(folder, "lock");
  const mine = join(folder, `lock.${randomUUID()}`);
  await writeFile(mine, await holder(process.pid), { mode: 0o600, flush: true });
  try {
    while (!(await linked(mine, lock))) await removeStale(folder, lock);
  } finally {
    await rm(mine, { force: true });
  }
  return { [Symbol.asyncDispose]: () => rm(lock, { force: true }) };
}

/** Linking is the one step that two processes cannot both take. */
async function linked(mine: string, lock: string): Promise<boolean> {
  try {
    await link(mine, lock);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

async function removeStale(folder: string, lock: string): Promise<void> {
  const held = await contentOf(lock);
  if (held === undefined) return;
  const pid = Number(held.split(" ")[0]);
  if (held === (await holder(pid))) throw new FolderHeld(`${folder} is in use by process ${pid}`);
  const aside = `${lock}.${randomUUID()}`;
  await rename(lock, aside).catch(unlessMissing);
  const taken = await contentOf(aside);
  // Somebody else was quicker, and what was put aside is his.
  if (taken !== undefined && taken !== held) await linked(aside, lock);
  await rm(aside, { force: true });
}

/** Names one life of one process id; a process id that is used again is somebody else. Empty where there is none. */
async function holder(pid: number): Promise<string> {
  if (!isAlive(pid)) return "";
  const stat = await contentOf(`/proc/${pid}/stat`);
  const startedAt = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  return `${pid} ${startedAt ?? "?"}`;
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, "EPERM");
  }
}

const contentOf = (file: string): Promise<string | undefined> => readFile(file, "utf8").catch(unlessMissing);

function unlessMissing(error: unknown): undefined {
  if (isCode(error, "ENOENT") || isCode(error, "ESRCH")) return undefined;
  throw error;
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;
