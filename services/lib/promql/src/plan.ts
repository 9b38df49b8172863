import type { Matcher } from "./matcher.ts";
import type { Span, Sums } from "./source.ts";
import type { Expression, Shift } from "./syntax/expression.ts";

/** The instants at which a query is evaluated, in milliseconds: one, or a range's steps. */
export interface Grid {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

export const endOf = ({ start, step, count }: Grid): number => start + step * (count - 1);

/** A subquery without a step takes Prometheus' default. */
export const SUBQUERY_STEP_MS = 60_000;

export interface Fetch {
  readonly id: number;
  readonly matchers: readonly Matcher[];
  readonly span: Span;
  /** Set where nothing but sums over windows is made of the samples. */
  readonly sums?: Sums;
}

/** Which samples a query needs, selector by selector, so that they can be fetched before anything is evaluated. */
export function fetches(expression: Expression, grid: Grid, lookbackMs: number): Fetch[] {
  const edges = { start: grid.start, end: endOf(grid) };
  return gather(expression, edges, { edges, lookbackMs, grid });
}

interface Setting {
  /** Absent in a subquery, which has steps of its own. */
  readonly grid?: Grid;
  /** The whole query's, to which `@ start()` and `@ end()` refer. */
  readonly edges: Span;
  readonly lookbackMs: number;
}

/** `by`: the labels by which whatever the expression comes to is added up. */
function gather(expression: Expression, span: Span, setting: Setting, by?: readonly string[]): Fetch[] {
  switch (expression.kind) {
    case "number":
    case "string":
      return [];
    case "selector": {
      const moved = shifted(span, expression, setting.edges);
      const start = moved.start - (expression.range ?? setting.lookbackMs);
      return [{ id: expression.id, matchers: expression.matchers, span: { start, end: moved.end } }];
    }
    case "subquery": {
      const moved = shifted(span, expression, setting.edges);
      const { edges, lookbackMs } = setting;
      return gather(expression.of, { start: moved.start - expression.range, end: moved.end }, { edges, lookbackMs });
    }
    case "negation":
      return gather(expression.of, span, setting);
    case "aggregation": {
      const { op, grouping, parameter, of } = expression;
      const summedBy = op === "sum" && !grouping.without ? grouping.labels : undefined;
      return [
        ...(parameter === undefined ? [] : gather(parameter, span, setting)),
        ...gather(of, span, setting, summedBy),
      ];
    }
    case "binary":
      return [expression.left, expression.right].flatMap((each) => gather(each, span, setting));
    case "call": {
      const found = expression.args.flatMap((each) => gather(each, span, setting));
      const sums = expression.name === "sum_over_time" ? sumsOf(expression.args[0], setting) : undefined;
      if (sums === undefined) return found;
      return found.map((fetch) => ({ ...fetch, sums: by === undefined ? sums : { ...sums, by } }));
    }
  }
}

/** The windows of a selector that is summed at each step of the query itself. */
function sumsOf(range: Expression | undefined, { grid, edges }: Setting): Sums | undefined {
  if (grid === undefined || range?.kind !== "selector" || range.range === undefined) return undefined;
  const rangeMs = range.range;
  if (range.pin !== undefined) return { rangeMs, ends: [pinOf(range.pin, edges) - range.offset] };
  return {
    rangeMs,
    ends: Array.from({ length: grid.count }, (_, step) => grid.start + grid.step * step - range.offset),
  };
}

function shifted(span: Span, { offset, pin }: Shift, edges: Span): Span {
  if (pin === undefined) return { start: span.start - offset, end: span.end - offset };
  const moment = pinOf(pin, edges) - offset;
  return { start: moment, end: moment };
}

export const pinOf = (pin: NonNullable<Shift["pin"]>, edges: Span): number =>
  pin === "start" ? edges.start : pin === "end" ? edges.end : pin;
