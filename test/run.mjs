// `npm test`: brings what the tests need, runs them, and ends with one line that counts them. Plain JavaScript for Node 18
// and newer, since it is what finds the Node that runs the rest.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
// @boundaries-ignore there are no packages to import by name until this has installed them
import {
  carryOn,
  ensurePackages,
  ensureSystemPackages,
  orRefuse,
  prepare,
  ROOT,
  say,
} from "../services/raingauge/bootstrap.mjs";

const main = async (args) => {
  const node = prepare();
  await ensureServers(node);
  const folder = mkdtempSync(join(tmpdir(), "raingauge-test-"));
  process.env.RAINGAUGE_TALLY = join(folder, "tally.json");
  const code = await carryOn(node, [...VITEST, ...args]);
  const tally = read(process.env.RAINGAUGE_TALLY);
  rmSync(folder, { recursive: true, force: true });
  conclude(tally, code);
};

const VITEST = [
  join(ROOT, "node_modules/vitest/vitest.mjs"),
  "run",
  `--root=${ROOT}`,
  "--reporter=default",
  `--reporter=${join(ROOT, "test/tally.mjs")}`,
];

/** A server that we may not install is no reason to stop: its suites say that they were skipped, and why. */
const ensureServers = async (node) => {
  const { stdout } = spawnSync(node, [join(ROOT, "test/harness/absent.ts")], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const absent = stdout.split("\n").filter((name) => name !== "");
  if (absent.includes("chdb")) ensureChdb(node);
  const missing = absent.filter((name) => name !== "chdb");
  if (missing.length === 0 || (await ensureSystemPackages(missing)) === undefined) return;
  for (const name of missing) say((await ensureSystemPackages([name])) ?? `${name} installed`);
};

/** ClickHouse's engine is half a gigabyte that nobody but these tests needs, so that it has a folder of its own. */
const ensureChdb = (node) => {
  try {
    ensurePackages(join(ROOT, "test/harness/chdb"), node);
  } catch (error) {
    orRefuse(error);
    process.exitCode = 0;
  }
};

/** A run that ended before it could count has failed, whatever it had passed until then. */
const read = (path) => {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
};

const conclude = ({ passed, failed, skipped }, code) => {
  const failures = failed === 0 && code !== 0 ? 1 : failed;
  process.exitCode = failures > 0 || passed === 0 ? 1 : 0;
  console.log(`${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
};

await main(process.argv.slice(2)).catch(orRefuse);
