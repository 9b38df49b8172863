#!/usr/bin/env node
// Plain JavaScript for Node 18 and newer: it brings everything else, so it may need nothing itself. All that it says goes to
// standard error, since standard output belongs to --json.
import { spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureSystemPackages } from "./bootstrap/debian.mjs";
import { ensureNode } from "./bootstrap/node.mjs";
import { ensurePackages } from "./bootstrap/packages.mjs";
import { onPath } from "./bootstrap/path.mjs";
import { Refusal, say } from "./bootstrap/say.mjs";

// What `npm test` and `npm run check` need besides.
export { ensurePackages, ensureSystemPackages, say };

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A Node that runs our TypeScript as it stands, with the packages in place; returns its path. */
export const prepare = () => {
  const node = ensureNode(ROOT);
  ensurePackages(ROOT, node);
  return node;
};

/** The one program that the demo and the benchmark need and that npm cannot bring. */
export const ensureNatsServer = async () => {
  if (onPath("nats-server") !== undefined) return;
  const refusal = await ensureSystemPackages(["nats-server"]);
  if (refusal !== undefined) throw new Refusal(refusal);
};

/** Runs a script under `node` as if it were this process: same terminal, its signals, its exit code. */
export const carryOn = (node, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(node, ["--disable-warning=ExperimentalWarning", ...args], {
      stdio: "inherit",
      env: surroundings(node),
    });
    const forward = (signal) => {
      // A terminal sends its interrupt to the whole group by itself, and a second one means "at once" to the child.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    };
    for (const signal of FORWARDED) process.on(signal, forward);
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      for (const name of FORWARDED) process.off(name, forward);
      resolve(signal === null ? code : dieOf(signal));
    });
  });

/** Fails the process with one sentence where that is what there is to say, and with a stack where it is a bug of ours. */
export const orRefuse = (error) => {
  if (!(error instanceof Refusal)) throw error;
  say(error.message);
  process.exitCode = 1;
};

const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP"];

/** What the child starts by name is this Node too, and the servers that Debian keeps in /usr/sbin are found by everybody. */
const surroundings = (node) => {
  const path = [dirname(node), process.env.PATH ?? "", "/usr/local/sbin", "/usr/sbin"].join(delimiter);
  // What was compiled once is not compiled again at each start, which takes half of its time; where it cannot be kept, it is.
  return { NODE_COMPILE_CACHE: join(ROOT, "node_modules/.compiled"), ...process.env, PATH: path };
};

const dieOf = (signal) => {
  process.kill(process.pid, signal);
  return 1;
};

const main = async ([command, ...rest]) => {
  const node = prepare();
  const asksForHelp = rest.includes("--help") || rest.includes("-h");
  if ((command === "demo" || command === "bench") && !asksForHelp) await ensureNatsServer();
  const target =
    command === "bench" ? [join(ROOT, "test/bench/main.ts")] : [MAIN, ...(command === undefined ? [] : [command])];
  process.exitCode = await carryOn(node, [...target, ...rest]);
};

const MAIN = join(ROOT, "services/raingauge/src/main.ts");

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await main(process.argv.slice(2)).catch(orRefuse);
}
