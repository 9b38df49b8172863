// Prints the folders of a workspace and of all that it needs to run, relative to the repository: node closure.mjs services/poller
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const root = realpathSync(join(import.meta.dirname, "../.."));
const found = new Set();

function add(folder) {
  if (found.has(folder)) return;
  found.add(folder);
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  );
  for (const name of Object.keys({ ...optionalDependencies, ...dependencies })) {
    const path = nearest(realpathSync(folder), name);
    if (path !== undefined) add(path);
    else if (name in dependencies) throw new Error(`${folder} needs ${name}, which is not installed: npm install`);
  }
}

/** Where Node itself would find it. */
function nearest(from, name) {
  const path = join(from, "node_modules", name);
  if (existsSync(join(path, "package.json"))) return path;
  return from === root ? undefined : nearest(dirname(from), name);
}

for (const workspace of process.argv.slice(2)) add(join(root, "node_modules/@raingauge", workspace.split("/").at(-1)));
for (const folder of found) console.log(relative(root, folder));
