import type { Chart } from "@raingauge/documents";
import { file, type Reader } from "@raingauge/runtime";
import { readChart } from "./chart-file.ts";

/** The chart of accounts, where a site has one of its own. */
export const chartReader: Reader<Chart | undefined> = file(
  "CHART_OF_ACCOUNTS",
  (text) => {
    const { chart, problems } = readChart(text);
    return { value: chart, problems };
  },
  undefined,
);
