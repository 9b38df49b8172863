import type { Grid } from "../plan.ts";
import { QueryError } from "../query-error.ts";
import type { SourceSeries, Span } from "../source.ts";
import type { Expression } from "../syntax/expression.ts";
import type { Value } from "./value.ts";

/** What every part of an evaluation knows. */
export interface Context {
  readonly grid: Grid;
  /** The query's own edges, whatever grid a subquery has. */
  readonly edges: Span;
  readonly lookbackMs: number;
  /** The samples of each selector, by its number. */
  readonly samples: ReadonlyMap<number, readonly SourceSeries[]>;
  readonly budget: Budget;
  evaluate(expression: Expression, context: Context): Value;
}

/** How many samples may still be looked at. */
export interface Budget {
  samples: number;
}

export function spend(budget: Budget, samples: number): void {
  budget.samples -= samples;
  if (budget.samples < 0)
    throw new QueryError("execution", "query processing would load too many samples into memory in query execution");
}

export const momentOf = ({ grid }: Context, step: number): number => grid.start + grid.step * step;
