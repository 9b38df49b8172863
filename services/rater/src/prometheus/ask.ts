import { answered, planned, type Query, QueryError, type Source, type SourceSeries } from "@raingauge/promql";

/** Fetches what a query needs, what it says twice once, and evaluates it. */
export async function ask(query: Query, source: Source): Promise<string> {
  const samples = new Map<number, readonly SourceSeries[]>();
  const known = new Map<string, readonly SourceSeries[]>();
  let left = query.samplesMax;
  for (const { id, ...fetch } of planned(query)) {
    const { matchers, span, sums } = fetch;
    const key = JSON.stringify(fetch);
    const series = known.get(key) ?? (await source.select(matchers, span, sums));
    known.set(key, series);
    left -= series.reduce((total, { at }) => total + at.length, 0);
    if (left < 0)
      throw new QueryError("execution", "query processing would load too many samples into memory in query execution");
    samples.set(id, series);
  }
  return answered(query, samples);
}
