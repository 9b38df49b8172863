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

/** A range, and the question for its rows, which may also say others' besides. */
export interface Portion extends SeriesRange {
  readonly from: string;
}

/**
 * Each part of a question's rows in turn. A question is looked through as often as there are parts, which in the order of arrival
 * all lie everywhere in it: of a month of 100,000 machines that would be hundreds of times. So what many parts are of is set apart
 * first, a few of them together, and then taken out of that: each row is looked at some dozen times, and not as often as there are parts.
 */
export async function* takenApart(
  connection: DuckDBConnection,
  parts: readonly SeriesRange[],
  from: string,
  depth = 0,
): AsyncGenerator<Portion> {
  if (parts.length <= TOGETHER) {
    for (const part of parts) yield { ...part, from };
    return;
  }
  const size = Math.ceil(parts.length / TOGETHER);
  const table = `apart_${depth}`;
  for (let start = 0; start < parts.length; start += size) {
    const some = parts.slice(start, start + size);
    const [first, last] = [some.at(0)?.first ?? 0, some.at(-1)?.last ?? -1];
    await connection.run(`
      create or replace temp table ${table} as from (${from}) where series_id between ${first} and ${last}`);
    yield* takenApart(connection, some, `from ${table}`, depth + 1);
  }
  await connection.run(`drop table ${table}`);
}

const TOGETHER = 16;
