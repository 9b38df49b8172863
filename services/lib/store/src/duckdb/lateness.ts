import type { DuckDBConnection } from "@duckdb/node-api";

/** Of so many series it is quicker to roll up what came late, which is done for all of them at once, than to measure each of them anew. */
const LATE_SERIES = 200;

/** Whether many series have readings that came between what was rolled up, of which no roll-up stands until that is done again. */
export async function isMuchLate(connection: DuckDBConnection): Promise<boolean> {
  const late = await connection.runAndReadAll(`
    with arrived as (
      select series_id, min(moment) as first_at from reading
      where telling_id > coalesce((select max(telling_id) from rolled), 0) group by series_id)
    select 1 from arrived join rolled_series r using (series_id) where first_at <= r.last_at limit ${LATE_SERIES}`);
  return late.currentRowCount === LATE_SERIES;
}
