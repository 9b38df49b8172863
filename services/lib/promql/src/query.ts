import { instantAnswer, rangeAnswer, samplesAnswer } from "./answer.ts";
import { type Evaluation, evaluate, rawSamples } from "./evaluate/evaluate.ts";
import { fetches, type Grid, pinOf } from "./plan.ts";
import { QueryError } from "./query-error.ts";
import type { SourceSeries } from "./source.ts";
import { typeOf } from "./syntax/check.ts";
import { parse } from "./syntax/parse.ts";

/** A question of one instant or of a range of steps, in milliseconds. */
export interface Query {
  readonly text: string;
  readonly kind: "instant" | "range";
  readonly grid: Grid;
  /** How long a series is taken to be there after its last sample. */
  readonly lookbackMs: number;
  /** How many samples may be looked at altogether. */
  readonly samplesMax: number;
}

/** Which samples it needs. Throws QueryError for what is no query. */
export const planned = ({ text, kind, grid, lookbackMs }: Query) => {
  const expression = parse(text);
  const type = typeOf(expression);
  if (kind === "range" && (type === "matrix" || type === "string"))
    throw new QueryError(
      "bad_data",
      `invalid expression type "${type === "string" ? type : "range vector"}" for range query, must be Scalar or instant Vector`,
    );
  return fetches(expression, grid, lookbackMs);
};

/** The `data` of the answer, as JSON text. Pure; it may take long, and so belongs in a worker. */
export function answered(
  { text, kind, ...rest }: Query,
  samples: ReadonlyMap<number, readonly SourceSeries[]>,
): string {
  const expression = parse(text);
  const evaluation: Evaluation = { ...rest, samples };
  const { grid } = rest;
  if (kind === "range") return rangeAnswer(evaluate(expression, evaluation), grid);
  if (expression.kind === "subquery" || (expression.kind === "selector" && expression.range !== undefined)) {
    const { pin, offset, range = 0 } = expression;
    const end = (pin === undefined ? grid.start : pinOf(pin, { start: grid.start, end: grid.start })) - offset;
    return samplesAnswer(rawSamples(expression, evaluation), { start: end - range, end });
  }
  return instantAnswer(evaluate(expression, evaluation), grid);
}
