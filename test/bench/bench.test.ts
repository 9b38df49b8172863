import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { available } from "@raingauge/harness";
import { afterAll, describe, expect, it } from "vitest";
import { figure, held } from "./benchmark.ts";
import { BENCHMARKS, commandOf, HELP } from "./command.ts";
import { reportOf } from "./report.ts";
import { growthText, text } from "./text.ts";

/** The least that can be measured: what is checked here is what a report says, never how fast anything was. */
const TINY = 0.01;

const DOCUMENT = readFileSync(join(import.meta.dirname, "../../docs/benchmarks.md"), "utf8");

const folder = mkdtempSync(join(tmpdir(), "raingauge-bench-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the benchmarks", () => {
  it.each(BENCHMARKS)(
    "$name says our figure, the limits beside it, and which part of them it reaches, all of them documented",
    async (benchmark) => {
      const { machine, benchmarks } = await reportOf([benchmark], { scale: TINY, folder, say: () => undefined });

      expect(machine.cores).toBeGreaterThan(0);
      expect(Object.keys(machine.versions)).toEqual(expect.arrayContaining(["node", "duckdb"]));
      const [result] = benchmarks;
      const missing = await Promise.all(benchmark.needs.map(available));
      if (missing.some(({ ok }) => !ok)) return expect(result?.skipped).toMatch(/apt-get install|npm install/);
      expect(Object.keys(machine.versions)).toEqual(expect.arrayContaining([...benchmark.needs]));
      const figures = result?.figures ?? [];
      const names = figures.map(({ what }) => what);
      const ours = figures.filter(({ ratio }) => ratio !== undefined);
      expect(new Set(names).size).toBe(names.length);
      expect(ours.length).toBeGreaterThan(0);
      for (const { of } of ours) expect(names).toContain(of);
      for (const name of names) expect(DOCUMENT).toContain(`**${name}**`);
      for (const { value, ratio = 1 } of figures)
        expect(value > 0 && ratio > 0 && Number.isFinite(value / ratio)).toBe(true);
    },
  );

  it("skips what this machine has no server for, with the reason, and not as measured", () => {
    const report = text({
      machine: { cores: 2, processor: "some", memoryBytes: 1024 ** 3, system: "Linux", load: 0, versions: {} },
      scale: 1,
      benchmarks: [{ name: "listener", figures: [], skipped: "no rabbitmq-server here" }],
    });

    expect(report).toContain("listener: skipped, no rabbitmq-server here");
  });
});

describe("a figure", () => {
  it("is held against the slowest of its limits, and a time or a size the other way round", () => {
    const rates = [figure("bus alone", "samples/s", 400), figure("disk alone", "samples/s", 100)];

    expect(held(figure("ours", "samples/s", 50), rates)).toMatchObject({ of: "disk alone", ratio: 0.5 });
    expect(held(figure("ours", "ms", 50), [figure("alone", "ms", 10)])).toMatchObject({ of: "alone", ratio: 0.2 });
  });
});

describe("the command", () => {
  it.each([
    {
      args: ["speed"],
      sentence:
        "There is no benchmark speed: choose from listener, ingest, stores, engines, backlog, measure, month, size, clickhouse, documents, closing, rating, api, promql, agent.",
    },
    { args: ["--scale", "none"], sentence: '--scale takes a number above 0, such as 0.1 or 10, not "none".' },
    { args: ["--fast"], sentence: "Unknown option '--fast'." },
  ])("refuses $args with one sentence", ({ args, sentence }) => {
    expect(commandOf(args)).toEqual({ kind: "refused", sentence });
  });

  it("puts what grew beside each other", () => {
    const machine = { cores: 2, processor: "some", memoryBytes: 1024 ** 3, system: "Linux", load: 0, versions: {} };
    const reports = [1, 10].map((scale) => ({
      machine,
      scale,
      benchmarks: [{ name: "measure", figures: [figure("rolled up", "ms", 40 * scale ** 2)] }],
    }));

    expect(commandOf(["measure", "--growth"])).toMatchObject({ scale: 1, growth: [1, 10, 100] });
    expect(growthText(reports)).toMatch(/rolled up, ms +40 +4,000 +100/);
  });

  it("ends with 2 when asked for a benchmark that there is not", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, "speed"], { encoding: "utf8" });

    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("prints nothing but the report on standard output", () => {
    const { status, stdout } = spawnSync(process.execPath, [MAIN, "size", "--scale", String(TINY), "--json"], {
      encoding: "utf8",
    });

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ scale: TINY, benchmarks: [{ name: "size" }] });
  });

  it.each(BENCHMARKS)("tells of $name in its help", ({ name, about }) => {
    expect(HELP).toContain(`${name.padEnd(10)} ${about}`);
  });
});

const MAIN = join(import.meta.dirname, "main.ts");
