import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { newSeed, patience } from "./test/generators/hunt.ts";

/** Suites that take long by themselves begin first, or one core would wait for the other's at the end. */
const LONG = [
  "test/journeys/up.test.ts",
  "src/duckdb/duckdb.test.ts",
  "test/bench/bench.test.ts",
  "src/clickhouse/clickhouse.test.ts",
  "src/postgres/embedded.test.ts",
  "test/journeys/demo.test.ts",
  "src/influxdb/influxdb.test.ts",
  "src/postgres/postgres.test.ts",
  "test/mutations/mutations.test.ts",
  "test/journeys/wrong-input.test.ts",
  "listener/src/regions.test.ts",
  "test/harness/harness.test.ts",
  "src/amqp/hear.test.ts",
  "src/clickhouse/copy.test.ts",
  "test/deploy/deployments.test.ts",
  "test/differential/bill.test.ts",
  "src/jetstream/faults.test.ts",
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

/**
 * What belongs to its whole process: servers and processes that it starts, its environment and signals, an operator's own meters,
 * mocks, and clocks that it stops.
 */
const OWN_PROCESS =
  /@raingauge\/harness|node:(?:child_process|worker_threads)|\bprocess\.(?:env|on|once|kill|chdir)\b|declareMeters|definedReader|RAINGAUGE_DEFINITIONS|vi\.(?:mock|resetModules|stub|spyOn|useFakeTimers)/;

const FILES = globSync(["services/**/src/**/*.test.ts", "dashboards/src/**/*.test.ts", "test/**/*.test.ts"], {
  cwd: import.meta.dirname,
  exclude: ["**/node_modules/**"],
});
const { apart = [], together = [] } = Object.groupBy(FILES, (file) =>
  OWN_PROCESS.test(readFileSync(join(import.meta.dirname, file), "utf8")) ? "apart" : "together",
);

export default defineConfig({
  test: {
    // A file that leaks a connection, a signal handler or a mutated global spoils no other: where it could, it has a process of its
    // own. Two thirds have nothing to leak. They share one, which reads what they import once, and that was half of their time.
    projects: [
      { extends: true, test: { name: "apart", include: apart, isolate: true } },
      { extends: true, test: { name: "together", include: together, isolate: false } },
    ],
    pool: "forks",
    // One more than the yardstick machine has cores: with two of them a quarter of its time went by in waiting for servers. With four,
    // what starts processes again and again took three times as long as alone.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // Generous, since nothing here asserts time: they only end what hangs.
    testTimeout: patience(300_000),
    hookTimeout: 300_000,
    // Vitest's own second is too short for a real server on a busy machine.
    expect: { poll: { timeout: patience(60_000) } },
    setupFiles: ["test/properties.ts"],
    env: { SEED: String(SEED) },
  },
});
