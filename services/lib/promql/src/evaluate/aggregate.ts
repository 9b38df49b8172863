import { dropping, keeping, type LabelSet, NAME, NO_LABELS, replacing } from "../label-set.ts";
import { formatted } from "../number-text.ts";
import { QueryError } from "../query-error.ts";
import type { Grouping } from "../syntax/expression.ts";
import { ascending, quantileOf } from "./quantile.ts";
import { add, distinct, emptyLine, type Line, put, type Sum, totalOf } from "./value.ts";

/** The group of a series, whose labels the aggregate has. */
const groupOf = (labels: LabelSet, { without, labels: names }: Grouping): LabelSet => {
  if (without) return dropping(labels, [...names, NAME]);
  return names.length === 0 ? NO_LABELS : keeping(labels, names);
};

type OfValues = (values: number[], parameter: number) => number;

const AGGREGATES: Readonly<Record<string, OfValues>> = {
  sum: (values) => totalOf(summed(values)),
  avg: (values) => totalOf(summed(values)) / values.length,
  count: (values) => values.length,
  group: () => 1,
  min: (values) => values.reduce((best, value) => (value < best || Number.isNaN(best) ? value : best)),
  max: (values) => values.reduce((best, value) => (value > best || Number.isNaN(best) ? value : best)),
  stddev: (values) => Math.sqrt(variance(values)),
  stdvar: variance,
  quantile: (values, q) => quantileOf(q, values),
};

export function aggregated(
  op: string,
  grouping: Grouping,
  lines: readonly Line[],
  parameter: Float64Array | string | undefined,
): Line[] {
  const groups = Map.groupBy(lines, ({ labels }) => groupOf(labels, grouping).key);
  const members = [...groups.values()];
  if (op === "count_values") return members.flatMap((mine) => countedValues(mine, grouping, String(parameter)));
  const parameters = typeof parameter === "string" ? undefined : parameter;
  if (op === "topk" || op === "bottomk") return members.flatMap((mine) => ranked(mine, op, parameters));
  const of = AGGREGATES[op];
  if (of === undefined) throw new QueryError("bad_data", `unknown aggregation ${JSON.stringify(op)}`);
  return members.map((mine) => {
    const [{ labels, values }] = mine as [Line];
    const made = emptyLine(groupOf(labels, grouping), values.length);
    for (let step = 0; step < values.length; step += 1) {
      const present = valuesAt(mine, step);
      if (present.length > 0) put(made, step, of(present, parameters?.[step] ?? 0));
    }
    return made;
  });
}

function valuesAt(lines: readonly Line[], step: number): number[] {
  const found: number[] = [];
  for (const { present, values } of lines) if (present[step] === 1) found.push(values[step] ?? 0);
  return found;
}

function summed(values: readonly number[]): Sum {
  const sum = { total: 0, lost: 0 };
  for (const value of values) add(sum, value);
  return sum;
}

function variance(values: readonly number[]): number {
  let [mean, squares, count] = [0, 0, 0];
  for (const value of values) {
    count += 1;
    const off = value - mean;
    mean += off / count;
    squares += off * (value - mean);
  }
  return squares / count;
}

function countedValues(lines: readonly Line[], grouping: Grouping, label: string): Line[] {
  const [line] = lines as [Line];
  const group = groupOf(line.labels, grouping);
  const byValue = new Map<string, Line>();
  for (let step = 0; step < line.values.length; step += 1) {
    for (const value of valuesAt(lines, step)) {
      const text = formatted(value);
      const made = byValue.get(text) ?? emptyLine(replacing(group, label, text), line.values.length);
      byValue.set(text, made);
      put(made, step, (made.present[step] === 1 ? (made.values[step] ?? 0) : 0) + 1);
    }
  }
  return distinct([...byValue.values()]);
}

/** The k largest or smallest of a group at each step, under their own labels. At an instant they come in order. */
function ranked(lines: readonly Line[], op: "topk" | "bottomk", k: Float64Array | undefined): Line[] {
  const count = lines[0]?.values.length ?? 0;
  const made = new Map<Line, Line>();
  for (let step = 0; step < count; step += 1) {
    const wanted = Math.trunc(k?.[step] ?? 0);
    if (!Number.isFinite(k?.[step] ?? 0))
      throw new QueryError("execution", `Scalar value ${k?.[step]} overflows int64`);
    const present = lines.filter((line) => line.present[step] === 1);
    for (const line of present.toSorted(byRank(op, step)).slice(0, Math.max(0, wanted))) {
      const target = made.get(line) ?? emptyLine(line.labels, count);
      made.set(line, target);
      put(target, step, line.values[step] ?? 0);
    }
  }
  return [...made.values()];
}

/** NaN comes last either way. */
const byRank =
  (op: "topk" | "bottomk", step: number) =>
  (a: Line, b: Line): number => {
    const [x, y] = [a.values[step] ?? 0, b.values[step] ?? 0];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    return op === "topk" ? ascending(y, x) : ascending(x, y);
  };
