import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { npm } from "./npm.mjs";
import { say } from "./say.mjs";

/**
 * Makes node_modules what package-lock.json says. Costs a few milliseconds when it is so already. Not by `npm ci`, which
 * refuses a lockfile written where the registry is a mirror without the binaries for other people's platforms.
 */
export const ensurePackages = (root, node) => {
  if (asLocked(root)) return;
  say("installing the packages of package-lock.json through npm");
  npm(["install", "--no-save", "--include=dev", "--include=optional"], root, node);
};

/**
 * npm notes what it has installed, at the end, in a lockfile of its own inside node_modules: comparing the two also notices
 * an installation that was interrupted, and respects one that a developer made by hand.
 */
const asLocked = (root) => {
  const wanted = packagesIn(join(root, "package-lock.json"));
  const present = packagesIn(join(root, "node_modules/.package-lock.json"));
  return Object.entries(wanted).every(
    ([path, { version, link, optional, devOptional }]) =>
      !path.includes("node_modules/") ||
      optional === true ||
      devOptional === true ||
      (present[path]?.version === version && present[path]?.link === link),
  );
};

const packagesIn = (lockfile) => (existsSync(lockfile) ? JSON.parse(readFileSync(lockfile, "utf8")).packages : {});
