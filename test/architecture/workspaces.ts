import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

export const json = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), "utf8"));

interface Boundaries {
  readonly tags: Readonly<Record<string, { readonly dependencies: { readonly allow: readonly string[] } }>>;
}

/** The import graph is written once, in turbo.json. A line there is a decision; a missing line is a refusal. */
export const importGraph: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries((json("turbo.json") as { readonly boundaries: Boundaries }).boundaries.tags).map(
    ([tag, { dependencies }]) => [tag, dependencies.allow],
  ),
);

export interface Workspace {
  readonly folder: string;
  /** Its place in the import graph: the folder's own name. */
  readonly tag: string;
  readonly isProcess: boolean;
}

export const workspaces: readonly Workspace[] = globSync(["services/*", "services/lib/*", "test", "test/harness"], {
  cwd: ROOT,
})
  .filter((folder) => existsSync(join(ROOT, folder, "package.json")))
  .map((folder) => ({ folder, tag: basename(folder), isProcess: /^services\/[^/]+$/.test(folder) }))
  .sort((a, b) => a.folder.localeCompare(b.folder));

export interface Source {
  readonly path: string;
  readonly imports: readonly string[];
  /** The text without its comments, which may speak of anything. */
  readonly code: string;
}

export const sourcesOf = ({ folder }: Workspace): readonly Source[] =>
  globSync("**/*.ts", { cwd: join(ROOT, folder), exclude: ["**/node_modules", ...nested(folder)] })
    .map((file) => join(folder, file))
    .map((path) => ({ path, ...read(path) }));

/** Files that only ever run under the test runner, and may use what is made for it. */
export const isTest = (path: string): boolean => /\.test\.ts$|\/conformance(\.ts$|\/)|\/fixtures\/|^test\//.test(path);

const nested = (folder: string): string[] => (folder === "test" ? ["harness"] : []);

const read = (path: string): Omit<Source, "path"> => {
  const code = readFileSync(join(ROOT, path), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");
  return { code, imports: [...code.matchAll(IMPORT)].map(([, name = ""]) => name) };
};

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g;
