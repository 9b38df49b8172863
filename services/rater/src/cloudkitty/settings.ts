import { file, type Reader } from "@raingauge/runtime";
import { type MetricsFile, readMetrics } from "./metrics-file.ts";

/** CloudKitty's own metrics.yml, where a site has one. */
export const metricsFileReader: Reader<MetricsFile | undefined> = file(
  "RATING_METRICS",
  (text) => {
    const read = readMetrics(text);
    return { value: read, problems: read.problems };
  },
  undefined,
);
