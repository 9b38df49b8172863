import { BIGINT, type DuckDBConnection, INTEGER, LIST, listValue, VARCHAR } from "@duckdb/node-api";
import { allMeters, SECOND_MS } from "@raingauge/domain";
import { hourOf } from "./hour.ts";
import { partsOf, type SeriesRange } from "./parts-of.ts";
import { markBetween } from "./plain-between.ts";
import { readingsToLayOut } from "./plain-line.ts";
import { COUNTER, EXISTENCE, GAUGE, type PlainBench } from "./plain-terms.ts";

/**
 * Makes the temporary table `plain_work`: series of `standing` that may be plain, from which hour on they are rolled up, and what
 * is known of the readings before; of what arrived between readings also up to which hour. Returned are the parts in which to take them, and the question for
 * their readings.
 */
export async function markPlain(bench: PlainBench): Promise<PlainWork> {
  const { connection, rolledTo } = bench;
  await noteMeters(connection);
  await connection.run(
    `create or replace temp table plain_work as
      with rolled_to as (
        select coalesce(max(series_id), case when $rolledTo = 0 then -1 end) as last_id from rolled_through)
      select s.series_id, s.region, m.kind, m.resource_type, m.silence_ms, st.dirty_from as starts,
        r.series_id is not null as is_tail, false as is_between, null::bigint as ends, null::bigint as from_at,
        null::bigint as to_at, r.since as known_since, r.until as known_until,
        case when m.kind = ${COUNTER} then try_cast(regexp_extract(s.life, '([0-9]+)\\]$', 1) as bigint) end as started_at,
        coalesce(r.stated, false) as was_stated, t.lead_at, t.lead_value, t.lead_claim, t.stated_claim, t.stated_value
      from standing st join series s using (series_id) join plain_meter m on m.name = s.meter
        left join rolled_series r using (series_id) left join rolled_tail t using (series_id)
      where st.dirty_from is not null and st.stale_from is null and s.life <> 'ends'
        and case when r.series_id is null then s.series_id > (select last_id from rolled_to)
          else t.series_id is not null and st.dirty_from = ${hourOf("r.firm_at")}
            and st.dirty_from > (select coalesce(max(horizon), 0) from frozen) end`,
    { rolledTo: BigInt(rolledTo) },
    { rolledTo: BIGINT },
  );
  await markBetween(connection, rolledTo);
  const readings = await readingsToLayOut(bench);
  const weights = `select series_id, count(*) as weight from (${readings}) group by series_id`;
  return { parts: await partsOf(connection, weights, PART_READINGS), readings };
}

interface PlainWork {
  readonly parts: readonly SeriesRange[];
  readonly readings: string;
}

async function noteMeters(connection: DuckDBConnection): Promise<void> {
  const meters = allMeters().filter(({ kind }) => kind !== "delta");
  await connection.run(
    `create or replace temp table plain_meter as
      select unnest($names) as name, unnest($kinds) as kind, unnest($types) as resource_type, unnest($silences) as silence_ms`,
    {
      names: listValue(meters.map(({ name }) => name)),
      kinds: listValue(
        meters.map(({ kind, existence }) => (kind === "cumulative" ? COUNTER : existence ? EXISTENCE : GAUGE)),
      ),
      types: listValue(meters.map(({ resourceType }) => resourceType)),
      silences: listValue(meters.map(({ silenceSeconds }) => BigInt(silenceSeconds * SECOND_MS))),
    },
    { names: LIST(VARCHAR), kinds: LIST(INTEGER), types: LIST(VARCHAR), silences: LIST(BIGINT) },
  );
}

/** How many readings are laid out at a time, whatever their series: what DuckDB sorts in the memory that it may take. */
const PART_READINGS = 2_000_000;
