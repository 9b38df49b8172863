import { planned, type Query, QueryError, type Source, type SourceSeries, type Workers } from "@raingauge/promql";

export interface Limits {
  /** How long a series is taken to be there after its last sample; slow polls need more than Prometheus' five minutes. */
  readonly lookbackMs: number;
  readonly pointsMax: number;
  readonly seriesMax: number;
  readonly samplesMax: number;
  readonly timeoutMs: number;
  /** Of one caller at once. */
  readonly queriesMax: number;
}

export const LIMITS: Limits = {
  lookbackMs: 15 * 60_000,
  pointsMax: 11_000,
  seriesMax: 50_000,
  samplesMax: 50_000_000,
  timeoutMs: 60_000,
  queriesMax: 20,
};

/** Fetches what a query needs and has it evaluated beside this thread. */
export async function ask(query: Query, source: Source, workers: Workers, signal: AbortSignal): Promise<string> {
  const samples = new Map<number, readonly SourceSeries[]>();
  let left = query.samplesMax;
  for (const { id, matchers, span } of planned(query)) {
    const series = await source.select(matchers, span);
    left -= series.reduce((total, { at }) => total + at.length, 0);
    if (left < 0)
      throw new QueryError("execution", "query processing would load too many samples into memory in query execution");
    signal.throwIfAborted();
    samples.set(id, series);
  }
  return workers.answer(query, samples, signal);
}

/** How many queries a caller has running, so that one dashboard leaves room for the others. */
export function inFlight(most: number): <T>(caller: string, work: () => Promise<T>) => Promise<T> {
  const running = new Map<string, number>();
  return async (caller, work) => {
    const before = running.get(caller) ?? 0;
    if (before >= most) throw new QueryError("unavailable", `more than ${most} queries of one caller at once`);
    running.set(caller, before + 1);
    try {
      return await work();
    } finally {
      const after = (running.get(caller) ?? 1) - 1;
      if (after === 0) running.delete(caller);
      else running.set(caller, after);
    }
  };
}
