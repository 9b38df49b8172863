import type { DuckDBConnection } from "@duckdb/node-api";
import type { Instant } from "@raingauge/domain";
import { integer, moment, optional, rowsOf } from "./answer.ts";
import { FOREVER } from "./schema.ts";

/** A series whose roll-ups do not stand from an instant on. */
export interface Todo {
  readonly seriesId: number;
  readonly staleFrom: Instant | undefined;
  /** Its beginning, where it was rolled up before. */
  readonly since: Instant | undefined;
  readonly readings: number;
}

/** From the temporary table `standing`; leaves `todo`, from which the stretches are read. */
export async function readTodo(connection: DuckDBConnection): Promise<Todo[]> {
  await connection.run(`
    create or replace temp table todo as
    select s.series_id, least(s.dirty_from, s.stale_from) as starts, s.stale_from, s.since from standing s
    where s.dirty_from is not null or s.stale_from is not null`);
  const rows = await rowsOf(connection, {
    sql: `
      select t.series_id, t.stale_from, t.since, count(r.moment)
      from todo t left join reading r on r.series_id = t.series_id and r.moment >= t.starts
      group by all order by t.series_id`,
  });
  return rows.map(([id, stale, since, readings]) => ({
    seriesId: integer(id),
    staleFrom: optional(stale, moment),
    since: optional(since, moment),
    readings: integer(readings),
  }));
}

/** Makes the temporary table `stretch` of a part, which is an unbroken run of `todo`. */
export async function markTodo(connection: DuckDBConnection, part: readonly Todo[]): Promise<void> {
  await connection.run(
    `create or replace temp table stretch as
      select series_id, starts, ${FOREVER}::bigint as ends from todo where series_id between $1 and $2`,
    [part.at(0)?.seriesId ?? 0, part.at(-1)?.seriesId ?? -1],
  );
}

/** How many readings are held in memory at a time; a series is never split. */
const PART_READINGS = 200_000;

/** Cuts the work, in the order of the series' numbers. */
export function parts(todo: readonly Todo[]): Todo[][] {
  const result: Todo[][] = [];
  let readings = 0;
  for (const each of todo) {
    const last = result.at(-1);
    if (last === undefined || readings + each.readings > PART_READINGS) {
      result.push([each]);
      readings = 0;
    } else last.push(each);
    readings += each.readings;
  }
  return result;
}
