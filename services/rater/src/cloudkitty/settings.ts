import { readFileSync } from "node:fs";
import type { Reader } from "@raingauge/runtime";
import { type MetricsFile, readMetrics } from "./metrics-file.ts";

/** CloudKitty's own metrics.yml, where a site has one. What is wrong with it is said by line, and keeps the process from starting. */
export const metricsFileReader: Reader<MetricsFile | undefined> = {
  names: ["RATING_METRICS"],
  read(look, problem) {
    const file = look("RATING_METRICS");
    const text = file === undefined ? undefined : textOf(file);
    if (file === undefined) return undefined;
    if (text === undefined) {
      problem("RATING_METRICS names a file that cannot be read");
      return undefined;
    }
    const read = readMetrics(text);
    for (const { line, path, says } of read.problems)
      problem(`RATING_METRICS, line ${line}: ${path === "" ? "" : `${path}: `}${says}`);
    return read;
  },
};

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
