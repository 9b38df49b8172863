import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MUTATIONS, type Mutation } from "./mutations.ts";

const ROOT = join(import.meta.dirname, "../..");
const SOURCES = join(ROOT, "services/lib/domain/src");
/** The one file beside the sources that their tests read. */
const VECTORS = "test/vectors/billing-vectors.json";
/** What the properties begin with there too, so that a fault is not noticed on some days and missed on others. */
const CONFIG = `export default {
  test: {
    setupFiles: [${JSON.stringify(join(ROOT, "test/properties.ts"))}],
    experimental: { viteModuleRunner: false, nodeLoader: false },
  },
};`;

/**
 * Each mutation is put into a copy of the domain of its own, beside the one test file that must notice it; one run tests
 * them all. The first copy has no fault: where its tests failed too, nothing would be proved.
 */
describe("a test fails for each fault", () => {
  let folder = "";
  let outcomes: ReadonlyMap<string, string> = new Map();

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "raingauge-mutations-")));
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "vitest.config.mjs"), CONFIG);
    cpSync(join(ROOT, VECTORS), join(folder, VECTORS));
    for (const [index, mutation] of MUTATIONS.entries()) mutant(folder, String(index), mutation);
    for (const tests of new Set(MUTATIONS.map(({ noticedBy }) => noticedBy)))
      copy(join(folder, "sound/lib/domain/src"), tests);
    outcomes = run(folder);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("and none where there is no fault", () => {
    const sound = [...outcomes].filter(([path]) => path.includes("/sound/"));

    expect(sound.length).toBeGreaterThan(5);
    expect(sound.filter(([, status]) => status !== "passed")).toEqual([]);
  });

  it.each(MUTATIONS.map((mutation, index) => ({ ...mutation, index })))("$file: $does", ({ index, noticedBy }) => {
    expect(outcomes.get(join(folder, String(index), "lib/domain/src", noticedBy))).toBe("failed");
  });
});

/** As deep below the folder as the domain is below the repository, so that its tests find what they read. */
function mutant(folder: string, name: string, { file, from, to, noticedBy, does }: Mutation): void {
  const sources = join(folder, name, "lib/domain/src");
  copy(sources, noticedBy);
  const parts = readFileSync(join(SOURCES, file), "utf8").split(from);
  if (parts.length !== 2) throw new Error(`"${does}" is to change a place that ${file} has ${parts.length - 1} times`);
  writeFileSync(join(sources, file), parts.join(to));
}

function copy(sources: string, tests: string): void {
  mkdirSync(sources, { recursive: true });
  cpSync(SOURCES, sources, {
    recursive: true,
    filter: (path) => !path.endsWith(".test.ts") || path.endsWith(`/${tests}`),
  });
}

function run(folder: string): Map<string, string> {
  const report = join(folder, "report.json");
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const options = [
    "run",
    "--root",
    folder,
    "--no-isolate",
    "--maxWorkers=2",
    "--reporter=json",
    `--outputFile=${report}`,
  ];
  const { stderr } = spawnSync(process.execPath, [vitest, ...options], {
    encoding: "utf8",
    timeout: 90_000,
    env: { ...process.env, HUNT: "1" },
  });
  const text = readFileSync(report, { encoding: "utf8" });
  const { testResults } = JSON.parse(text) as {
    testResults: { name: string; status: string; assertionResults: unknown[] }[];
  };
  if (testResults.length === 0) throw new Error(stderr);
  // A file that could not even be loaded noticed nothing.
  return new Map(
    testResults.map(({ name, status, assertionResults }) => [name, assertionResults.length === 0 ? "broken" : status]),
  );
}
