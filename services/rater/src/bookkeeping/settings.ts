import { readFileSync } from "node:fs";
import type { Chart } from "@raingauge/documents";
import type { Reader } from "@raingauge/runtime";
import { readChart } from "./chart-file.ts";

/** The chart of accounts, where a site has one of its own. What is wrong with it is said by line, and keeps the process from starting. */
export const chartReader: Reader<Chart | undefined> = {
  names: ["CHART_OF_ACCOUNTS"],
  read(look, problem) {
    const file = look("CHART_OF_ACCOUNTS");
    if (file === undefined) return undefined;
    const text = textOf(file);
    if (text === undefined) {
      problem("CHART_OF_ACCOUNTS names a file that cannot be read");
      return undefined;
    }
    const { chart, problems } = readChart(text);
    for (const { line, path, says } of problems)
      problem(`CHART_OF_ACCOUNTS, line ${line}: ${path === "" ? "" : `${path}: `}${says}`);
    return chart;
  },
};

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
