import { readdir, readFile, readlink, stat, statfs } from "node:fs/promises";
import { join } from "node:path";

/** What a host's kernel tells in files. What is not there, or may not be read, is undefined: nothing here throws for it. */
export interface HostFiles {
  /** A file below `/proc` or `/sys`. */
  text(path: string): Promise<string | undefined>;
  link(path: string): Promise<string | undefined>;
  /** The names in a folder; none where it is not there. */
  names(path: string): Promise<readonly string[]>;
  isThere(path: string): Promise<boolean>;
  /** How large the file system is that we see at `path`, and on which device that is. */
  room(path: string): Promise<Room | undefined>;
  /** Whether these are the files of a host that was put at a place of its own, for us to look at. */
  readonly isApart: boolean;
}

export interface Room {
  /** `major:minor`, as in a table of mounts. */
  readonly device: string;
  readonly totalBytes: bigint;
  readonly freeBytes: bigint;
}

export const hostFiles = (root: string): HostFiles => ({
  isApart: root !== "/",
  text: (path) => readFile(join(root, path), "utf8").catch(unlessAbsent),
  link: (path) => readlink(join(root, path)).catch(unlessAbsent),
  names: (path) => readdir(join(root, path)).catch((error: unknown) => unlessAbsent(error) ?? []),
  isThere: async (path) => (await stat(join(root, path)).catch(unlessAbsent)) !== undefined,
  async room(path) {
    const at = join(root, path);
    const [seen, space] = await Promise.all([
      stat(at, { bigint: true }).catch(unlessAbsent),
      statfs(at, { bigint: true }).catch(unlessAbsent),
    ]);
    if (seen === undefined || space === undefined) return undefined;
    return {
      device: `${majorOf(seen.dev)}:${minorOf(seen.dev)}`,
      totalBytes: space.blocks * space.bsize,
      freeBytes: space.bfree * space.bsize,
    };
  },
});

/** As the C library packs the two numbers into one. */
const majorOf = (device: bigint): bigint => ((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n);
const minorOf = (device: bigint): bigint => (device & 0xffn) | ((device >> 12n) & 0xffffff00n);

/** An agent without rights, a container, an older kernel: each is without some file, and all the others are worth reading. */
function unlessAbsent(error: unknown): undefined {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return undefined;
  throw error;
}
