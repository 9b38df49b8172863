import { BIGINT, type DuckDBConnection, INTEGER, LIST, listValue, VARCHAR } from "@duckdb/node-api";
import { allMeters, SECOND_MS } from "@raingauge/domain";
import { integer, rowsOf } from "./answer.ts";
import { hourOf } from "./hour.ts";
import { markBetween } from "./plain-between.ts";
import { COUNTER, EXISTENCE, GAUGE, type PlainBench, type PlainPart } from "./plain-terms.ts";

/**
 * Makes the temporary table `plain_work`: series of `standing` that may be plain, from which hour on they are rolled up, and what
 * is known of the readings before; of what arrived between readings also up to which hour. Returned are the lots in which to take them.
 */
export async function markPlain(bench: PlainBench): Promise<readonly PlainPart[]> {
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
  return parts(connection, rolledTo);
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

/** With what arrived of a series that is there the readings of its last hour are laid out again: at a poll each five minutes so many. */
const TAIL_READINGS = 6;

async function parts(connection: DuckDBConnection, rolledTo: number): Promise<PlainPart[]> {
  const [row] = await rowsOf(connection, {
    sql: `select (select count(*) from plain_work), (select count(*) from reading where telling_id > ${rolledTo}),
      (select coalesce(max(series_id), 0) from plain_work)`,
  });
  const [series, readings, last] = [integer(row?.[0]), integer(row?.[1]), integer(row?.[2])];
  if (series === 0) return [];
  if (readings * TAIL_READINGS <= PART_READINGS) return [{ first: 0, last }];
  const rows = await rowsOf(connection, {
    sql: `
      with counted as (
        select series_id, count(*) * any_value(case when is_tail then ${TAIL_READINGS} else 1 end) as readings
        from reading join plain_work using (series_id) where telling_id > ${rolledTo} group by series_id),
      placed as (select series_id, sum(readings) over (order by series_id) as before from counted)
      select min(series_id), max(series_id) from placed
      group by floor((before - 1) / ${PART_READINGS}) order by 1`,
  });
  return rows.map(([first, end]) => ({ first: integer(first), last: integer(end) }));
}
