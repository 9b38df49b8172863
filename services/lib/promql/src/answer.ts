import type { Line, Value } from "./evaluate/value.ts";
import { formatted } from "./number-text.ts";
import type { Grid } from "./plan.ts";
import type { SourceSeries, Span } from "./source.ts";

/** The `data` of an answer to a query of one instant, as JSON. */
export function instantAnswer(value: Value, grid: Grid): string {
  const now = seconds(grid.start);
  switch (value.kind) {
    case "scalar":
      return answer("scalar", `[${now},"${formatted(value.values[0] ?? Number.NaN)}"]`);
    case "string":
      return answer("string", `[${now},${JSON.stringify(value.text)}]`);
    case "vector": {
      const present = value.lines.filter((line) => line.present[0] === 1);
      const shown = present.map(
        (line) => `{"metric":${metric(line)},"value":[${now},"${formatted(line.values[0] ?? 0)}"]}`,
      );
      return answer("vector", `[${shown.join(",")}]`);
    }
  }
}

/** The `data` of an answer to a query of a range. */
export function rangeAnswer(value: Value, grid: Grid): string {
  if (value.kind === "string") return answer("matrix", "[]");
  const lines: readonly Line[] =
    value.kind === "vector"
      ? value.lines
      : [{ labels: { key: "", labels: new Map() }, values: value.values, present: new Uint8Array(grid.count).fill(1) }];
  const shown = lines
    .filter(({ present }) => present.includes(1))
    .toSorted((a, b) => (a.labels.key < b.labels.key ? -1 : 1))
    .map((line) => `{"metric":${metric(line)},"values":[${steps(line, grid).join(",")}]}`);
  return answer("matrix", `[${shown.join(",")}]`);
}

/** The samples of a range vector as they are. */
export function samplesAnswer(series: readonly SourceSeries[], { start, end }: Span): string {
  const shown = series.flatMap((each) => {
    const values = [...each.at.keys()]
      .filter((index) => (each.at[index] ?? 0) > start && (each.at[index] ?? 0) <= end)
      .map((index) => `[${seconds(each.at[index] ?? 0)},"${formatted(each.values[index] ?? 0)}"]`);
    return values.length === 0 ? [] : [`{"metric":${metric(each)},"values":[${values.join(",")}]}`];
  });
  return answer("matrix", `[${shown.join(",")}]`);
}

const answer = (type: string, result: string): string => `{"resultType":"${type}","result":${result}}`;

const metric = ({ labels }: Pick<Line, "labels">): string => JSON.stringify(Object.fromEntries(labels.labels));

function steps({ values, present }: Line, { start, step }: Grid): string[] {
  const shown: string[] = [];
  for (let index = 0; index < values.length; index += 1) {
    if (present[index] === 1) shown.push(`[${seconds(start + step * index)},"${formatted(values[index] ?? 0)}"]`);
  }
  return shown;
}

/** Prometheus writes milliseconds with three digits, and none where there are none. */
function seconds(ms: number): string {
  const whole = Math.floor(ms / 1_000);
  const rest = Math.round(ms - whole * 1_000);
  return rest === 0 ? String(whole) : `${whole}.${String(rest).padStart(3, "0")}`;
}
