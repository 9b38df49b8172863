import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { newSeed, patience } from "./test/generators/hunt.ts";

/** Suites that take long by themselves begin first, or one core would wait for the other's at the end. */
const LONG = [
  "test/journeys/up.test.ts",
  "src/duckdb/duckdb.test.ts",
  "src/clickhouse/clickhouse.test.ts",
  "src/postgres/embedded.test.ts",
  "src/postgres/postgres.test.ts",
  "src/influxdb/influxdb.test.ts",
  "test/journeys/demo.test.ts",
  "test/differential/bill.test.ts",
  "test/mutations/mutations.test.ts",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.some((name) => moduleId.endsWith(name));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/** One number plays all of a run again. */
const SEED = newSeed();
process.stdout.write(`SEED=${SEED}\n`);

/** A run starts hundreds of processes, and each would compile the same modules: half of what a command typed in a journey costs. */
// biome-ignore lint/style/noProcessEnv: whatever this process starts must inherit it
process.env["NODE_COMPILE_CACHE"] ||= join(import.meta.dirname, "node_modules/.cache/compiled");

export default defineConfig({
  test: {
    include: ["services/**/src/**/*.test.ts", "dashboards/src/**/*.test.ts", "test/**/*.test.ts"],
    // A file that leaks a connection, a signal handler or a mutated global spoils no other: each has a process of its own.
    pool: "forks",
    // One more than the yardstick machine has cores: with two of them a quarter of its time went by in waiting for servers.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // Generous, since nothing here asserts time: they only end what hangs.
    testTimeout: patience(120_000),
    hookTimeout: 120_000,
    // Vitest's own second is too short for a real server on a busy machine.
    expect: { poll: { timeout: patience(60_000) } },
    setupFiles: ["test/properties.ts"],
    env: { SEED: String(SEED) },
  },
});
