import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { onPath } from "./path.mjs";
import { Refusal } from "./say.mjs";

/**
 * Runs npm quietly; what it said is shown only when it failed. It runs under the Node that it came with, since it looks for the
 * operator's settings (registry, proxy, certificates) beside that one; the scripts of packages find `node` first on PATH.
 */
export const npm = (args, cwd, node = process.execPath) => {
  const cli = npmCli();
  const [command, ...first] = cli === undefined ? ["npm"] : [process.execPath, cli];
  const { status, error, stdout, stderr } = spawnSync(command, [...first, ...args, ...QUIET], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, PATH: [dirname(node), process.env.PATH ?? ""].join(delimiter) },
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ""}${stderr ?? ""}`);
  throw new Refusal(`npm ${args[0]} failed${error === undefined ? "" : `: ${error.message}`}`);
};

const QUIET = [
  "--no-audit",
  "--no-fund",
  "--no-progress",
  "--no-update-notifier",
  "--no-engine-strict",
  "--loglevel=error",
];

/** npm's own script; undefined where npm is a shim that finds its own. */
const npmCli = () =>
  [process.env.npm_execpath, onPath("npm"), join(dirname(process.execPath), "../lib/node_modules/npm/bin/npm-cli.js")]
    .filter((path) => path !== undefined && existsSync(path))
    .map((path) => realpathSync(path))
    .find((path) => path.endsWith("npm-cli.js"));
