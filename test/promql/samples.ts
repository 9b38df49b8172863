import type { SourceSeries } from "@raingauge/promql";
import { labelSet, NAME } from "@raingauge/promql";
import { chance } from "@raingauge/test/generators/chance.ts";

/** A Thursday; samples come seven seconds and 123 ms after each minute, so that none lies on the edge of any window. */
export const START = 1_767_225_600;
const OFF_EDGE = 7.123;
const MINUTES = 240;

/** Gauges, counters that are reset, a series with gaps, a classic histogram and an info metric; the same for the same seed. */
export function generated(seed: number): SourceSeries[] {
  const below = chance(seed);
  const series: SourceSeries[] = [];
  for (const job of ["a", "b"]) {
    for (const inst of ["i0", "i1", "i2"]) {
      series.push(made({ [NAME]: "m_gauge", job, inst }, () => below(10_000) / 100));
      // From far above zero: how far a window may be stretched towards zero was told otherwise by Prometheus 2.
      let count = 1_000_000 + below(1_000);
      series.push(
        made({ [NAME]: "m_total", job, inst }, () => (count = below(80) === 0 ? 500_000 : count + below(50))),
      );
    }
    series.push(made({ [NAME]: "m_gaps", job }, (minute) => (minute % 40 < 17 ? below(100) : undefined)));
    series.push(made({ [NAME]: "m_info", job, team: `team-${job}` }, () => 1));
    series.push(...histogram(job, below));
  }
  return series;
}

function histogram(job: string, below: (bound: number) => number): SourceSeries[] {
  const bounds = ["0.1", "0.5", "1", "5", "+Inf"];
  const counts = bounds.map(() => 1_000_000);
  const rows = Array.from({ length: MINUTES }, () => {
    const first = below(bounds.length);
    for (let index = first; index < bounds.length; index += 1) counts[index] = (counts[index] ?? 0) + 1;
    return [...counts];
  });
  return bounds.map((le, index) =>
    made({ [NAME]: "m_bucket", job, le }, (minute) => (rows[minute]?.[index] ?? 0) - 999_000),
  );
}

function made(labels: Readonly<Record<string, string>>, valueAt: (minute: number) => number | undefined): SourceSeries {
  const rows = Array.from({ length: MINUTES }, (_, minute) => [minute, valueAt(minute)] as const).filter(
    (row): row is readonly [number, number] => row[1] !== undefined,
  );
  return {
    labels: labelSet(Object.entries(labels)),
    at: Float64Array.from(rows, ([minute]) => Math.round((START + minute * 60 + OFF_EDGE) * 1_000)),
    values: Float64Array.from(rows, ([, value]) => value),
  };
}

/** The same as `promtool tsdb create-blocks-from openmetrics` takes it. */
export function openMetrics(series: readonly SourceSeries[]): string {
  const byName = Map.groupBy(series, ({ labels }) => labels.labels.get(NAME) ?? "");
  const lines = [...byName].flatMap(([name, mine]) => [
    `# TYPE ${name} unknown`,
    ...mine.flatMap(({ labels, at, values }) => {
      const pairs = [...labels.labels]
        .filter(([label]) => label !== NAME)
        .map(([label, value]) => `${label}="${value}"`);
      return [...at].map(
        (moment, index) => `${name}{${pairs.join(",")}} ${values[index]} ${(moment / 1_000).toFixed(3)}`,
      );
    }),
  ]);
  return `${lines.join("\n")}\n# EOF\n`;
}
