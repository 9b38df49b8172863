import { describeWith, prometheusServer } from "@raingauge/harness";
import { answered, matching, planned, type Query, QueryError, type SourceSeries } from "@raingauge/promql";
import { runs, seedOfRun } from "@raingauge/test/generators/hunt.ts";
import { expect, it } from "vitest";
import { generated, openMetrics, START } from "./samples.ts";
import { shapes } from "./shapes.ts";

/** `QUERIES=700` asks more of them; every shape there is comes twice in the short form. */
const QUERIES = Number(process.env["QUERIES"] ?? runs(70));

/**
 * Debian's Prometheus is 2.42, whose windows are closed on both sides; ours are open on the left, as since Prometheus 3. No
 * sample here lies on an edge: steps are at half minutes, samples seven seconds and subqueries' steps no seconds past a minute.
 */
const GRID = { start: (START + 3_630) * 1_000, step: 60_000, count: 120 };
const LOOKBACK_MS = 300_000;

await describeWith("prometheus", "PromQL beside Debian's Prometheus", () => {
  it("answers what Prometheus answers, range and instant, and refuses what it refuses", async () => {
    const seed = seedOfRun();
    const series = generated(seed);
    await using prometheus = await prometheusServer(openMetrics(series));
    const differences: unknown[] = [];

    // What Prometheus 3 calls double_exponential_smoothing was holt_winters before.
    for (const text of shapes(seed, QUERIES)) {
      for (const kind of ["range", "instant"] as const) {
        const query: Query = {
          text,
          kind,
          grid: kind === "range" ? GRID : { ...GRID, count: 1, start: GRID.start + 3_600_000 },
          lookbackMs: LOOKBACK_MS,
          samplesMax: 50_000_000,
        };
        const ours = own({ ...query, text: text.replace("holt_winters", "double_exponential_smoothing") }, series);
        const theirs = await asked(prometheus.url, query);
        const difference = differs(ours, theirs);
        if (difference !== undefined) differences.push({ text, kind, difference });
      }
    }

    expect(differences).toEqual([]);
  });
});

/**
 * Prometheus before 2.50 moved a pinned window on with the steps of a range query, out of the samples that it had read, for the one
 * function that tells another value at each step. An instant query has one step, and there it always was right.
 */
await describeWith("prometheus", "predict_linear over a pinned window", () => {
  it("answers at each step of a range what Prometheus answers there by itself", async () => {
    const seed = seedOfRun();
    const series = generated(seed);
    await using prometheus = await prometheusServer(openMetrics(series));
    const grid = { ...GRID, step: 600_000, count: 12 };
    const end = (GRID.start + 11 * 600_000) / 1_000;
    const settings = { lookbackMs: LOOKBACK_MS, samplesMax: 50_000_000 };

    for (const [pinned, spelled] of [
      ["@ end()", `@ ${end}`],
      ["@ start()", `@ ${GRID.start / 1_000}`],
      ["@ end() offset 4m", `@ ${end} offset 4m`],
    ]) {
      const text = (at: string | undefined): string => `predict_linear(m_gauge[33m] ${at}, 1800)`;
      const ours = own({ ...settings, text: text(pinned), kind: "range", grid }, series);
      const rows = "data" in ours ? (ours.data.result as Row[]) : [];
      expect(rows).toHaveLength(6);
      for (let step = 0; step < grid.count; step += 1) {
        const instant = { start: grid.start + step * grid.step, step: 1, count: 1 };
        const theirs = await asked(prometheus.url, {
          ...settings,
          text: text(spelled),
          kind: "instant",
          grid: instant,
        });
        const mine = rows.map(({ metric, values = [] }) => ({ metric, value: values[step] }));

        expect(differs({ data: { resultType: "vector", result: mine } }, theirs), `${pinned} ${step}`).toBeUndefined();
      }
    }
  });
});

type Data = { readonly resultType: string; readonly result: unknown };
type Answer = { readonly data: Data } | { readonly errorType: string; readonly error: string };

function own(query: Query, series: readonly SourceSeries[]): Answer {
  try {
    const samples = new Map(
      planned(query).map(({ id, matchers, span }) => {
        const matches = matching(matchers);
        return [id, series.filter(({ labels }) => matches(labels.labels)).map((each) => within(each, span))] as const;
      }),
    );
    return { data: JSON.parse(answered(query, samples)) };
  } catch (error) {
    if (error instanceof QueryError) return { errorType: error.type, error: error.message };
    throw error;
  }
}

function within(
  { labels, at, values }: SourceSeries,
  { start, end }: { readonly start: number; readonly end: number },
) {
  const from = at.findIndex((moment) => moment > start);
  const to = at.findLastIndex((moment) => moment <= end) + 1;
  return from < 0
    ? { labels, at: at.slice(0, 0), values: values.slice(0, 0) }
    : { labels, at: at.slice(from, to), values: values.slice(from, to) };
}

async function asked(url: string, { text, kind, grid }: Query): Promise<Answer> {
  const seconds = (ms: number): string => String(ms / 1_000);
  const end = seconds(grid.start + grid.step * (grid.count - 1));
  const form: Record<string, string> =
    kind === "range"
      ? { query: text, start: seconds(grid.start), end, step: seconds(grid.step) }
      : { query: text, time: seconds(grid.start) };
  const path = kind === "range" ? "query_range" : "query";
  const response = await fetch(`${url}/api/v1/${path}`, { method: "POST", body: new URLSearchParams(form) });
  return (await response.json()) as Answer;
}

type Row = { readonly metric: Record<string, string>; readonly value?: Sample; readonly values?: Sample[] };
type Sample = readonly [number, string];

/** What is different, for a person; undefined where nothing is. Sums in another order may differ in their last digits. */
function differs(ours: Answer, theirs: Answer): unknown {
  if ("errorType" in ours || "errorType" in theirs) {
    const types = [ours, theirs].map((each) => ("errorType" in each ? each.errorType : "success"));
    return types[0] === types[1] ? undefined : { ours, theirs: JSON.stringify(theirs).slice(0, 300) };
  }
  if (ours.data.resultType !== theirs.data.resultType) return [ours.data.resultType, theirs.data.resultType];
  if (ours.data.resultType === "scalar") return closeTo(ours.data.result as Sample, theirs.data.result as Sample);
  const [mine, other] = [byMetric(ours.data.result as Row[]), byMetric(theirs.data.result as Row[])];
  const missing = [...other.keys()].filter((key) => !mine.has(key));
  const surplus = [...mine.keys()].filter((key) => !other.has(key));
  if (missing.length > 0 || surplus.length > 0) return { missing: missing.slice(0, 3), surplus: surplus.slice(0, 3) };
  for (const [key, samples] of mine) {
    const expected = other.get(key) ?? [];
    if (samples.length !== expected.length) return { key, ours: samples.length, theirs: expected.length };
    const wrong = samples
      .map((sample, index) => closeTo(sample, expected[index] as Sample))
      .find((each) => each !== undefined);
    if (wrong !== undefined) return { key, wrong };
  }
  return undefined;
}

const byMetric = (rows: readonly Row[]): Map<string, readonly Sample[]> =>
  new Map(
    rows.map(({ metric, value, values }) => [
      JSON.stringify(Object.entries(metric).toSorted()),
      values ?? (value === undefined ? [] : [value]),
    ]),
  );

function closeTo(ours: Sample, theirs: Sample): unknown {
  const [a, b] = [Number(ours[1].replace("Inf", "Infinity")), Number(theirs[1].replace("Inf", "Infinity"))];
  const same = ours[1] === theirs[1] || Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
  return ours[0] === theirs[0] && same ? undefined : { ours, theirs };
}
