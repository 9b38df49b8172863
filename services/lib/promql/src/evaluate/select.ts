import { type LabelSet, unnamed } from "../label-set.ts";
import { type Grid, pinOf, SUBQUERY_STEP_MS } from "../plan.ts";
import type { SourceSeries } from "../source.ts";
import type { Selector, Shift, Subquery } from "../syntax/expression.ts";
import { type Context, momentOf, spend } from "./context.ts";
import { distinct, emptyLine, type Line, put } from "./value.ts";
import { WINDOW_FUNCTIONS, type Window } from "./window.ts";

/** The instant that a selector looks at when the evaluation stands at `moment`. */
const shiftedTo = (moment: number, { offset, pin }: Shift, { edges }: Context): number =>
  (pin === undefined ? moment : pinOf(pin, edges)) - offset;

/** At each step the newest sample, unless it is older than the look-back or its series has ended since. */
export function selected(selector: Selector, context: Context, show: "value" | "timestamp" = "value"): Line[] {
  const { samples, lookbackMs, grid, budget } = context;
  return (samples.get(selector.id) ?? []).flatMap(({ labels, at, values, ends = NONE, holdsMs = 0 }) => {
    spend(budget, grid.count);
    const line = emptyLine(labels, grid.count);
    let [next, nextEnd, isAnywhere] = [0, 0, false];
    for (let step = 0; step < grid.count; step += 1) {
      const moment = shiftedTo(momentOf(context, step), selector, context);
      while (next < at.length && (at[next] ?? 0) <= moment) next += 1;
      while (nextEnd < ends.length && (ends[nextEnd] ?? 0) <= moment) nextEnd += 1;
      const newest = at[next - 1];
      if (newest === undefined || newest <= moment - Math.max(lookbackMs, holdsMs)) continue;
      if (nextEnd > 0 && (ends[nextEnd - 1] ?? 0) > newest) continue;
      put(line, step, show === "value" ? (values[next - 1] ?? 0) : newest / 1_000);
      isAnywhere = true;
    }
    return isAnywhere ? [line] : [];
  });
}

const NONE = new Float64Array(0);

/** A function of each window that a range vector has. `parameters` are the function's other arguments at a step. */
export function windowed(
  name: string,
  range: Selector | Subquery,
  context: Context,
  parameters: (step: number) => readonly number[],
): Line[] {
  const of = WINDOW_FUNCTIONS[name];
  if (of === undefined) throw new RangeError(`no function of a window is called ${name}`);
  const lines = rangeSeries(range, context).map(({ labels, at, values }): Line => {
    const line = emptyLine(name === "last_over_time" ? labels : unnamed(labels), context.grid.count);
    const window: Window = { at, values, from: 0, to: 0, start: 0, end: 0, now: 0 };
    let looked = 0;
    for (let step = 0; step < context.grid.count; step += 1) {
      slide(window, momentOf(context, step), range, context);
      if (window.from === window.to) continue;
      looked += window.to - window.from;
      const value = of(window, ...parameters(step));
      if (value !== undefined) put(line, step, value);
    }
    spend(context.budget, looked);
    return line;
  });
  return distinct(lines.filter(({ present }) => present.includes(1)));
}

/** Left-open, right-closed: a sample on an edge belongs to one of two adjoining windows. */
function slide(window: Window, moment: number, range: Selector | Subquery, context: Context): void {
  window.now = moment;
  window.end = shiftedTo(moment, range, context);
  window.start = window.end - (range.range ?? 0);
  const { at } = window;
  while (window.to < at.length && (at[window.to] ?? 0) <= window.end) window.to += 1;
  while (window.from < window.to && (at[window.from] ?? 0) <= window.start) window.from += 1;
}

export function rangeSeries(range: Selector | Subquery, context: Context): readonly SourceSeries[] {
  return range.kind === "selector" ? (context.samples.get(range.id) ?? []) : subquerySeries(range, context);
}

/** A subquery is evaluated on steps of its own, which are whole multiples of its step whenever it is asked. */
function subquerySeries(subquery: Subquery, context: Context): SourceSeries[] {
  const step = subquery.step ?? SUBQUERY_STEP_MS;
  const firstEnd = shiftedTo(momentOf(context, 0), subquery, context);
  const lastEnd = shiftedTo(momentOf(context, context.grid.count - 1), subquery, context);
  const start = (Math.floor((firstEnd - subquery.range) / step) + 1) * step;
  const count = Math.floor((lastEnd - start) / step) + 1;
  if (count <= 0) return [];
  const grid: Grid = { start, step, count };
  spend(context.budget, count);
  const value = context.evaluate(subquery.of, { ...context, grid });
  if (value.kind === "string") return [];
  const lines = value.kind === "vector" ? value.lines : [scalarLine(value.values)];
  return lines.map((line) => asSeries(line, grid));
}

const scalarLine = (values: Float64Array): Line => ({
  labels: EMPTY,
  values,
  present: new Uint8Array(values.length).fill(1),
});

const EMPTY: LabelSet = { key: "", labels: new Map() };

function asSeries({ labels, values, present }: Line, { start, step }: Grid): SourceSeries {
  const steps = [...present.keys()].filter((index) => present[index] === 1);
  return {
    labels,
    at: Float64Array.from(steps, (index) => start + step * index),
    values: Float64Array.from(steps, (index) => values[index] ?? 0),
  };
}
