import type { DuckDBConnection } from "@duckdb/node-api";
import { HOUR_MS } from "@raingauge/domain";
import { integer, optional, rowsOf } from "./answer.ts";
import type { SeriesRange } from "./parts-of.ts";

/** Series between two numbers, and whole days around what of them is looked at. */
export interface Reach extends SeriesRange {
  readonly from: number;
  readonly to: number;
}

/** What all of the temporary table `span` (series_id, starts, ends) lies in; undefined where that is empty. */
export async function reachOfSpans(connection: DuckDBConnection): Promise<Reach | undefined> {
  const [row] = await rowsOf(connection, {
    sql: "select min(series_id), max(series_id), min(starts), max(ends) from span",
  });
  const [first, last, starts, ends] = [0, 1, 2, 3].map((cell) => optional(row?.[cell], integer));
  if (first === undefined || last === undefined || starts === undefined || ends === undefined) return undefined;
  return { first, last, from: starts - (starts % DAY_MS), to: ends + DAY_MS };
}

const DAY_MS = 24 * HOUR_MS;

/** So that a table is not read from its beginning, and of all series, for what happened to some today. */
export const within = ({ first, last, from, to }: Reach, series: string, moment: string): string =>
  `${series} between ${first} and ${last} and ${moment} >= ${from} and ${moment} < ${to}`;
