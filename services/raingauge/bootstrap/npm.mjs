import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { onPath } from "./path.mjs";
import { Refusal } from "./say.mjs";

/** Runs npm under the given Node, quietly; what it said is shown only when it failed. */
export const npm = (args, cwd, node = process.execPath) => {
  const cli = npmCli();
  const { status, error, stdout, stderr } = call(cli, [...args, ...QUIET], cwd, node, {
    // npm looks for the operator's settings (registry, proxy, certificates) beside the Node that runs it: beside the wrong one.
    npm_config_globalconfig: process.env.npm_config_globalconfig ?? globalConfig(cli, cwd),
    PATH: [dirname(node), process.env.PATH ?? ""].join(delimiter),
  });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ""}${stderr ?? ""}`);
  throw new Refusal(`npm ${args[0]} failed${error === undefined ? "" : `: ${error.message}`}`);
};

const call = (cli, args, cwd, node, env) => {
  const [command, ...first] = cli === undefined ? ["npm"] : [node, cli];
  return spawnSync(command, [...first, ...args], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  });
};

const globalConfig = (cli, cwd) =>
  call(cli, ["config", "get", "globalconfig"], cwd, process.execPath, {}).stdout?.trim() ?? "";

const QUIET = ["--no-audit", "--no-fund", "--no-progress", "--no-update-notifier", "--loglevel=error"];

/** npm's own script; undefined where npm is a shim that finds its own. */
const npmCli = () =>
  [process.env.npm_execpath, onPath("npm"), join(dirname(process.execPath), "../lib/node_modules/npm/bin/npm-cli.js")]
    .filter((path) => path !== undefined && existsSync(path))
    .map((path) => realpathSync(path))
    .find((path) => path.endsWith("npm-cli.js"));
