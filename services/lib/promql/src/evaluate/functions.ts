import { type LabelSet, labelSet, NAME, NO_LABELS, unnamed } from "../label-set.ts";
import { QueryError } from "../query-error.ts";
import type { Call, Expression, Selector, Subquery } from "../syntax/expression.ts";
import { type Context, momentOf } from "./context.ts";
import { dateFunction } from "./dates.ts";
import { histogramQuantile } from "./histogram.ts";
import { labelJoin, labelReplace, sortedByLabel } from "./labels.ts";
import { ascending } from "./quantile.ts";
import { rangeSeries, selected, windowed } from "./select.ts";
import { distinct, emptyLine, type Line, mapped, put, type Value } from "./value.ts";
import { WINDOW_FUNCTIONS } from "./window.ts";

const SIMPLE: Readonly<Record<string, (value: number) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  exp: Math.exp,
  ln: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  sqrt: Math.sqrt,
  sgn: Math.sign,
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  cos: Math.cos,
  cosh: Math.cosh,
  sin: Math.sin,
  sinh: Math.sinh,
  tan: Math.tan,
  tanh: Math.tanh,
  deg: (value) => (value * 180) / Math.PI,
  rad: (value) => (value * Math.PI) / 180,
};

/** Functions of a vector's values and of scalars at the same step. */
const WITH_SCALARS: Readonly<Record<string, (value: number, ...scalars: number[]) => number | undefined>> = {
  clamp: (value, low = 0, high = 0) => (high < low ? undefined : within(value, low, high)),
  clamp_min: (value, low = 0) => within(value, low, Number.POSITIVE_INFINITY),
  clamp_max: (value, high = 0) => within(value, Number.NEGATIVE_INFINITY, high),
  round: (value, nearest = 1) => Math.floor(value * (1 / nearest) + 0.5) / (1 / nearest),
};

const within = (value: number, low: number, high: number): number =>
  Number.isNaN(low) || Number.isNaN(high) ? Number.NaN : Math.max(low, Math.min(high, value));

const vector = (lines: readonly Line[]): Value => ({ kind: "vector", lines });

export function called(call: Call, context: Context): Value {
  const { name, args } = call;
  if (WINDOW_FUNCTIONS[name] !== undefined) return vector(overWindows(call, context));
  const simple = SIMPLE[name];
  if (simple !== undefined) return vector(each(linesOf(args[0], context), simple));
  const scaled = WITH_SCALARS[name];
  if (scaled !== undefined) {
    const scalars = args.slice(1).map((arg) => scalarOf(arg, context));
    return vector(
      each(linesOf(args[0], context), (value, step) => scaled(value, ...scalars.map((given) => given[step] ?? 0))),
    );
  }
  return (
    dateFunction(name, args[0] === undefined ? [timeLine(context)] : undefined, () => linesOf(args[0], context)) ??
    special(call, context)
  );
}

function special({ name, args }: Call, context: Context): Value {
  const [first, second] = args;
  switch (name) {
    case "time":
      return { kind: "scalar", values: times(context) };
    case "pi":
      return { kind: "scalar", values: new Float64Array(context.grid.count).fill(Math.PI) };
    case "vector":
      return vector([
        { labels: NO_LABELS, values: scalarOf(first, context), present: new Uint8Array(context.grid.count).fill(1) },
      ]);
    case "scalar":
      return { kind: "scalar", values: onlyValue(linesOf(first, context), context) };
    case "timestamp":
      return vector(timestamps(first, context));
    case "absent":
      return vector(absent(first, linesOf(first, context), context));
    case "absent_over_time":
      return vector(absentOverTime(first as Selector | Subquery, context));
    case "sort":
      return vector(sorted(linesOf(first, context), ascending));
    case "sort_desc":
      return vector(sorted(linesOf(first, context), (a, b) => b - a));
    case "histogram_quantile":
      return vector(histogramQuantile(scalarOf(first, context), linesOf(second, context), context.grid.count));
    case "label_replace":
      return vector(labelReplace(linesOf(first, context), ...texts(args.slice(1))));
    case "label_join":
      return vector(labelJoin(linesOf(first, context), ...texts(args.slice(1))));
    case "sort_by_label":
    case "sort_by_label_desc":
      return vector(sortedByLabel(linesOf(first, context), texts(args.slice(1)), name === "sort_by_label"));
    default:
      throw new QueryError("bad_data", `function ${JSON.stringify(name)} is not supported`);
  }
}

const each = (lines: readonly Line[], by: (value: number, step: number) => number | undefined): Line[] =>
  distinct(lines.map((line) => mapped(line, unnamed(line.labels), by)));

function overWindows({ name, args }: Call, context: Context): Line[] {
  const range = args.find((arg): arg is Selector | Subquery => arg.kind === "selector" || arg.kind === "subquery");
  if (range === undefined) throw new QueryError("bad_data", `${name} takes a range vector`);
  const scalars = args.filter((arg) => arg !== range).map((arg) => scalarOf(arg, context));
  if (name === "double_exponential_smoothing") checkFactors(scalars);
  return windowed(name, range, context, (step) => scalars.map((values) => values[step] ?? 0));
}

function checkFactors([smoothing, trend]: readonly Float64Array[]): void {
  const isOutside = (values: Float64Array | undefined): boolean =>
    values?.some((value) => value <= 0 || value >= 1) ?? true;
  if (isOutside(smoothing)) throw new QueryError("execution", "invalid smoothing factor. Expected: 0 < sf < 1");
  if (isOutside(trend)) throw new QueryError("execution", "invalid trend factor. Expected: 0 < tf < 1");
}

export function linesOf(expression: Expression | undefined, context: Context): readonly Line[] {
  const value = expression === undefined ? undefined : context.evaluate(expression, context);
  return value?.kind === "vector" ? value.lines : [];
}

export function scalarOf(expression: Expression | undefined, context: Context): Float64Array {
  const value = expression === undefined ? undefined : context.evaluate(expression, context);
  return value?.kind === "scalar" ? value.values : new Float64Array(context.grid.count).fill(Number.NaN);
}

const texts = (args: readonly Expression[]): string[] => args.map((arg) => (arg.kind === "string" ? arg.text : ""));

const times = (context: Context): Float64Array =>
  Float64Array.from({ length: context.grid.count }, (_, step) => momentOf(context, step) / 1_000);

const timeLine = (context: Context): Line => ({
  labels: NO_LABELS,
  values: times(context),
  present: new Uint8Array(context.grid.count).fill(1),
});

function onlyValue(lines: readonly Line[], { grid }: Context): Float64Array {
  const values = new Float64Array(grid.count).fill(Number.NaN);
  for (let step = 0; step < grid.count; step += 1) {
    const present = lines.filter((line) => line.present[step] === 1);
    if (present.length === 1) values[step] = present[0]?.values[step] ?? 0;
  }
  return values;
}

/** A selector's samples have instants of their own; any other value is of the instant of evaluation. */
function timestamps(expression: Expression | undefined, context: Context): Line[] {
  if (expression?.kind === "selector")
    return distinct(
      selected(expression, context, "timestamp").map((line) => ({ ...line, labels: unnamed(line.labels) })),
    );
  return each(linesOf(expression, context), (_, step) => momentOf(context, step) / 1_000);
}

function absent(expression: Expression | undefined, lines: readonly Line[], { grid }: Context): Line[] {
  const made = emptyLine(labelsSought(expression), grid.count);
  for (let step = 0; step < grid.count; step += 1)
    if (lines.every(({ present }) => present[step] === 0)) put(made, step, 1);
  return [made];
}

function absentOverTime(range: Selector | Subquery, context: Context): Line[] {
  const found = windowed("present_over_time", range, { ...context, samples: withOneName(range, context) }, () => []);
  return absent(range, found, context);
}

/** Of series that differ in their names alone, one answer is enough: is anything there? */
function withOneName(range: Selector | Subquery, context: Context): Context["samples"] {
  if (range.kind === "subquery") return context.samples;
  const numbered = rangeSeries(range, context).map((series, index) => ({
    ...series,
    labels: labelSet([["n", String(index)]]),
  }));
  return new Map(context.samples).set(range.id, numbered);
}

/** What is said of a series that is absent: each label that was asked for by one equality alone. */
function labelsSought(expression: Expression | undefined): LabelSet {
  if (expression?.kind !== "selector") return NO_LABELS;
  const { matchers } = expression;
  const sought = matchers.filter(
    ({ label, op }) => op === "=" && label !== NAME && matchers.filter((other) => other.label === label).length === 1,
  );
  return labelSet(sought.map(({ label, value }) => [label, value] as const));
}

/** An instant's values in order; a range has an order of its own. NaN comes last either way. */
function sorted(lines: readonly Line[], compare: (a: number, b: number) => number): Line[] {
  if (lines[0]?.values.length !== 1) return [...lines];
  return lines.toSorted((a, b) => {
    const [x, y] = [a.values[0] ?? 0, b.values[0] ?? 0];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    return compare(x, y);
  });
}
