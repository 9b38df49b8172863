import { readFileSync, writeFileSync } from "node:fs";
import { METRICS } from "@raingauge/promql/registry";
import { describe, expect, it } from "vitest";
import { declared, metricDocument, processesFile } from "./metric-document.ts";

const DOCUMENT = new URL("../../docs/metrics.md", import.meta.url);
const PROCESSES = new URL("../../services/lib/promql/src/registry/processes.ts", import.meta.url);

if (process.env["UPDATE"] !== undefined) writeFileSync(PROCESSES, processesFile());

describe("the metric registry", () => {
  it("knows each process's metrics as the process declares them", () => {
    expect(METRICS.filter(({ origin }) => origin === "process")).toEqual(declared());
  });

  it("has each name once", () => {
    const names = METRICS.map(({ name }) => name);

    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it.each(METRICS)(
    "$name and its labels can be written in PromQL, and it says what it is",
    ({ name, labels, help }) => {
      expect(name).toMatch(/^[a-z_][a-z0-9_]*$/);
      expect(labels.filter((label) => !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) || label.startsWith("__"))).toEqual([]);
      expect(new Set(labels).size).toBe(labels.length);
      expect(help).toMatch(/\S/);
    },
  );

  it("names a counter, and nothing else of ours, with _total", () => {
    const ours = METRICS.filter(({ origin, of }) => origin === "process" && of !== "every process");

    expect(ours.filter(({ name, type }) => name.endsWith("_total") !== (type === "counter"))).toEqual([]);
  });

  it("is what docs/metrics.md says", () => {
    if (process.env["UPDATE"] !== undefined) writeFileSync(DOCUMENT, metricDocument());

    expect(readFileSync(DOCUMENT, "utf8")).toBe(metricDocument());
  });
});
