import type { DuckDBConnection } from "@duckdb/node-api";
import { integer, rowsOf } from "./answer.ts";

/** Series between two numbers, which are looked at together. */
export interface SeriesRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Cuts the series of a question (series_id, weight) into ranges of so much weight, and of more only by what a range's first series
 * has. What DuckDB sorts or sums at a time is then bounded, however the weight lies.
 */
export async function partsOf(
  connection: DuckDBConnection,
  weights: string,
  most: number,
): Promise<readonly SeriesRange[]> {
  const rows = await rowsOf(connection, {
    sql: `
      with weighed as (${weights}),
      placed as (select series_id, sum(weight) over (order by series_id) as before from weighed)
      select min(series_id), max(series_id) from placed group by floor((before - 1) / ${most}) order by 1`,
  });
  return rows.map(([first, last]) => ({ first: integer(first), last: integer(last) }));
}
