import { answered, planned, type Query, QueryError, type Source, type SourceSeries } from "@raingauge/promql";

/** Fetches what a query needs and evaluates it. */
export async function ask(query: Query, source: Source): Promise<string> {
  const samples = new Map<number, readonly SourceSeries[]>();
  let left = query.samplesMax;
  for (const { id, matchers, span, sums } of planned(query)) {
    const series = await source.select(matchers, span, sums);
    left -= series.reduce((total, { at }) => total + at.length, 0);
    if (left < 0)
      throw new QueryError("execution", "query processing would load too many samples into memory in query execution");
    samples.set(id, series);
  }
  return answered(query, samples);
}
