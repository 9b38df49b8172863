import { unnamed } from "../label-set.ts";
import { endOf, type Grid } from "../plan.ts";
import { QueryError } from "../query-error.ts";
import type { SourceSeries } from "../source.ts";
import type { Expression } from "../syntax/expression.ts";
import { aggregated } from "./aggregate.ts";
import { combined } from "./binary.ts";
import type { Context } from "./context.ts";
import { called, linesOf, scalarOf } from "./functions.ts";
import { rangeSeries, selected } from "./select.ts";
import { distinct, mapped, type Value } from "./value.ts";

export interface Evaluation {
  readonly grid: Grid;
  readonly lookbackMs: number;
  readonly samplesMax: number;
  /** What each selector's fetch brought, by its number. */
  readonly samples: ReadonlyMap<number, readonly SourceSeries[]>;
}

/** What a query comes to, step by step. Pure: the samples were fetched before. A range vector has no value of its own. */
export function evaluate(expression: Expression, { grid, lookbackMs, samplesMax, samples }: Evaluation): Value {
  const context = {
    grid,
    edges: { start: grid.start, end: endOf(grid) },
    lookbackMs,
    samples,
    budget: { samples: samplesMax },
    evaluate: evaluated,
  };
  return evaluated(expression, context);
}

/** A range vector's samples, for the one place that shows them: an instant query of nothing else. */
export function rawSamples(
  expression: Expression,
  { grid, lookbackMs, samplesMax, samples }: Evaluation,
): SourceSeries[] {
  if (expression.kind !== "selector" && expression.kind !== "subquery") throw new RangeError("it is no range vector");
  const edges = { start: grid.start, end: endOf(grid) };
  const context = { grid, edges, lookbackMs, samples, budget: { samples: samplesMax }, evaluate: evaluated };
  return [...rangeSeries(expression, context)].filter(({ at }) => at.length > 0);
}

function evaluated(expression: Expression, context: Context): Value {
  switch (expression.kind) {
    case "number":
      return { kind: "scalar", values: new Float64Array(context.grid.count).fill(expression.value) };
    case "string":
      return { kind: "string", text: expression.text };
    case "selector":
      return { kind: "vector", lines: selected(expression, context) };
    case "subquery":
      throw new QueryError("bad_data", "a range vector has no value of its own: a function takes it");
    case "negation":
      return negated(context.evaluate(expression.of, context));
    case "aggregation": {
      const { op, grouping, of, parameter } = expression;
      const given = parameter?.kind === "string" ? parameter.text : parameter && scalarOf(parameter, context);
      return { kind: "vector", lines: aggregated(op, grouping, linesOf(of, context), given) };
    }
    case "binary":
      return combined(
        expression,
        context.evaluate(expression.left, context),
        context.evaluate(expression.right, context),
      );
    case "call":
      return called(expression, context);
  }
}

function negated(value: Value): Value {
  if (value.kind === "scalar") return { kind: "scalar", values: value.values.map((each) => -each) };
  if (value.kind === "string") return value;
  return {
    kind: "vector",
    lines: distinct(value.lines.map((line) => mapped(line, unnamed(line.labels), (each) => -each))),
  };
}
