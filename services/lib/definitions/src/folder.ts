import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { DefinitionFile } from "./definitions.ts";

/** A file, or every file of YAML in a folder and the folders in it, by name. Throws what the file system says. */
export function filesOf(path: string): readonly DefinitionFile[] {
  if (!statSync(path).isDirectory()) return [{ name: path, text: readFileSync(path, "utf8") }];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((file) => ({ name: join(path, relative(path, file)), text: readFileSync(file, "utf8") }));
}
