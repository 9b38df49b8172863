import { answered, labelSet, matching, NAME, planned, type Query, type SourceSeries } from "@raingauge/promql";
import type { Answering } from "./asking.ts";
import { END, type Series } from "./cloud/series.ts";

/** Our own evaluator over series in memory, answering as the routes do. */
export function engine(all: readonly Series[]): Answering {
  const columns = all.map(columnsOf);
  return async (path, form) => {
    const start = Number(form["start"] ?? form["time"]) * 1000;
    const step = Number(form["step"] ?? 60) * 1000;
    const count = path === "query" ? 1 : Math.floor((Number(form["end"]) * 1000 - start) / step) + 1;
    const query: Query = {
      text: form["query"] ?? "",
      kind: path === "query" ? "instant" : "range",
      grid: { start, step, count },
      lookbackMs: 300_000,
      samplesMax: 50_000_000,
    };
    const samples = new Map(
      planned(query).map(({ id, matchers, span }) => {
        const matches = matching(matchers);
        const found = columns.filter(({ labels }) => matches(labels.labels));
        return [id, found.map((series) => within(series, span)).filter(({ at }) => at.length > 0)] as const;
      }),
    );
    return `{"status":"success","data":${answered(query, samples)}}`;
  };
}

function columnsOf({ name, labels, from, step, at }: Series): SourceSeries {
  const instants: number[] = [];
  const values: number[] = [];
  for (let second = from; second <= END; second += step) {
    const value = at(second);
    if (value === undefined) continue;
    instants.push(second * 1000);
    values.push(value);
  }
  return {
    labels: labelSet([[NAME, name], ...Object.entries(labels)]),
    at: Float64Array.from(instants),
    values: Float64Array.from(values),
  };
}

/** From later than the start up to and with the end. */
function within(
  { labels, at, values }: SourceSeries,
  { start, end }: { readonly start: number; readonly end: number },
): SourceSeries {
  const first = at.findIndex((instant) => instant > start);
  const after = at.findIndex((instant) => instant > end);
  const last = after === -1 ? at.length : after;
  return first === -1
    ? { labels, at: new Float64Array(), values: new Float64Array() }
    : { labels, at: at.subarray(first, last), values: values.subarray(first, last) };
}
