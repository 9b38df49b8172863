import { BIGINT, type DuckDBConnection, LIST, listValue, VARCHAR } from "@duckdb/node-api";
import { allMeters, type Period } from "@raingauge/domain";
import type { Stale } from "../sources.ts";
import { STATES } from "../stance.ts";
import { hourOf } from "./hour.ts";

/**
 * Whether roll-ups before a period's end may not stand, of whatever series: as `standing` has it, without looking at each.
 * A month that is over is asked about as long as anybody keeps books; what arrived since reaches back to it seldom.
 */
export async function isUnsettled(
  connection: DuckDBConnection,
  { end }: Pick<Period, "end">,
  stale: readonly Stale[],
): Promise<boolean> {
  if (stale.some(({ since }) => since < end)) return true;
  const found = await connection.runAndReadAll(
    `with arrived as (
        select series_id, min(moment) as first, bool_or(stance = ${STATES}) as states from reading
        where telling_id > coalesce((select max(telling_id) from rolled), 0)
          and series_id in (select series_id from series where meter in (select unnest($meters)))
        group by series_id)
      select 1 from arrived a left join rolled_series r using (series_id)
      where r.firm_at is null or a.first <= r.last_at or (a.states and not r.stated) or ${hourOf("r.firm_at")} < $end
      union all
      select 1 from rolled_series r where r.open and ${hourOf("r.firm_at")} < $end
      limit 1`,
    { end: BigInt(end), meters: listValue(allMeters().map(({ name }) => name)) },
    { end: BIGINT, meters: LIST(VARCHAR) },
  );
  return found.currentRowCount > 0;
}
