import { spawnSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { npm } from "./npm.mjs";
import { Refusal, say } from "./say.mjs";

/** The first line of Node that runs TypeScript as it stands and that our packages support. */
const NODE_MAJOR = 24;

/** The path of such a Node: this one where it is new enough, else one that npm brings into the project as a package. */
export const ensureNode = (root) => {
  if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR) return process.execPath;
  const name = packageName();
  const node = join(root, ".node", name, "bin/node");
  if (!works(node)) fetchNode(root, name);
  if (!works(node))
    throw new Refusal(`the Node that npm offers does not run here: install Node ${NODE_MAJOR} or newer`);
  return node;
};

const packageName = () => {
  const { platform, arch } = process;
  if (["linux", "darwin"].includes(platform) && ["x64", "arm64"].includes(arch)) return `node-${platform}-${arch}`;
  throw new Refusal(`npm has no Node for ${platform} on ${arch}: install Node ${NODE_MAJOR} or newer`);
};

const works = (node) => {
  const { status, stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
  return status === 0 && Number.parseInt(stdout.slice(1), 10) >= NODE_MAJOR;
};

/**
 * Fetched aside and then moved into place, so that what is there is whole, also after a kill or beside a second fetch. Aside is a
 * project of its own rather than npm's --prefix, under which npm would look for the operator's settings there as well.
 */
const fetchNode = (root, name) => {
  say(`fetching Node ${NODE_MAJOR} through npm into .node, since this is ${process.version}`);
  const aside = join(root, ".node", `fetching-${process.pid}`);
  mkdirSync(aside, { recursive: true });
  try {
    writeFileSync(join(aside, "package.json"), "{}");
    npm(["install", "--no-save", "--no-package-lock", `${name}@${NODE_MAJOR}`], aside);
    rmSync(join(root, ".node", name), { recursive: true, force: true });
    renameSync(join(aside, "node_modules", name), join(root, ".node", name));
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
};
