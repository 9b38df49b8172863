import type { DuckDBConnection } from "@duckdb/node-api";
import type { Instant } from "@raingauge/domain";
import { FOREVER } from "../forever.ts";
import { integer, moment, optional, rowsOf } from "./answer.ts";
import { pickReadings } from "./stretches.ts";

/** A series whose roll-ups do not stand from an instant on, with the readings that are needed to make them anew. */
export interface Todo {
  readonly seriesId: number;
  readonly staleFrom: Instant | undefined;
  /** Its beginning, where it was rolled up before. */
  readonly since: Instant | undefined;
  readonly readings: number;
}

/** From the temporary table `standing`, without what was plain, in the order of the series' numbers; their readings are laid out in that order. */
export async function pickTodo(connection: DuckDBConnection): Promise<Todo[]> {
  await connection.run(`
    create or replace temp table stretch as
    select series_id, least(dirty_from, stale_from) as starts, ${FOREVER}::bigint as ends from standing
    where (dirty_from is not null or stale_from is not null) and series_id not in (from plain_done)`);
  await pickReadings(connection);
  const rows = await rowsOf(connection, {
    sql: `
      select p.series_id, any_value(s.stale_from), any_value(s.since), count(*)
      from picked p join standing s using (series_id) group by p.series_id order by p.series_id`,
  });
  return rows.map(([id, stale, since, readings]) => ({
    seriesId: integer(id),
    staleFrom: optional(stale, moment),
    since: optional(since, moment),
    readings: integer(readings),
  }));
}

/** How many readings are held in memory at a time; a series is never split. */
const PART_READINGS = 50_000;

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
