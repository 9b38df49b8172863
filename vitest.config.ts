import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["services/**/src/**/*.test.ts", "dashboards/src/**/*.test.ts", "test/**/*.test.ts"],
    // A file that leaks a connection, a signal handler or a mutated global spoils no other: each has a process of its own.
    pool: "forks",
    // The yardstick machine has two cores, and the real servers that suites start need their share of them.
    maxWorkers: 2,
    // Generous, since nothing here asserts time: they only end what hangs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
