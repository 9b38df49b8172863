import { count, seconds } from "@raingauge/runtime";

/** What a query may take. */
export interface QueryLimits {
  /** How long a series is taken to be there after its last sample; slow polls need more than Prometheus' five minutes. */
  readonly queryLookbackSeconds: number;
  readonly queryPointsMax: number;
  readonly querySeriesMax: number;
  readonly querySamplesMax: number;
  readonly querySecondsMax: number;
  /** Of one caller at once. */
  readonly queriesPerCaller: number;
  /** At once in all: each has a thread of its own, and whoever finds none free waits. */
  readonly queryThreads: number;
}

export const QUERY_READERS = {
  queryLookbackSeconds: seconds("QUERY_LOOKBACK", { fallback: 15 * 60, max: 86_400 }),
  queryPointsMax: count("QUERY_POINTS_MAX", { fallback: 11_000 }),
  querySeriesMax: count("QUERY_SERIES_MAX", { fallback: 50_000 }),
  querySamplesMax: count("QUERY_SAMPLES_MAX", { fallback: 50_000_000 }),
  querySecondsMax: seconds("QUERY_SECONDS_MAX", { fallback: 60, max: 3_600 }),
  queriesPerCaller: count("QUERIES_PER_CALLER", { fallback: 20 }),
  queryThreads: count("QUERY_THREADS", { fallback: 4, max: 64 }),
};

/** As they are where nobody says otherwise. */
export const QUERY_LIMITS: QueryLimits = {
  queryLookbackSeconds: 15 * 60,
  queryPointsMax: 11_000,
  querySeriesMax: 50_000,
  querySamplesMax: 50_000_000,
  querySecondsMax: 60,
  queriesPerCaller: 20,
  queryThreads: 4,
};
