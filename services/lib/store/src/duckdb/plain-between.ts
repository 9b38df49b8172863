import type { DuckDBConnection } from "@duckdb/node-api";
import { HOUR_MS } from "@raingauge/domain";
import { STATES } from "../stance.ts";
import { integer, rowsOf } from "./answer.ts";
import { hourOf } from "./hour.ts";
import { COUNTER } from "./plain-terms.ts";

/** How far from late readings their neighbours are looked for. Whoever is read less often is looked up in all its readings. */
const NEAR_MS = 3 * HOUR_MS;

/**
 * Adds to `plain_work` what arrived between readings that were rolled up: it reaches from the reading before the first of them to the
 * one after the last, or, of a statement, to the next statement. So that nothing else of the series need be read, both lie near, as
 * does one before the hours that are reached and one after; and the series has gone on far enough that what its next reading is
 * measured from stays as it was noted.
 */
export async function markBetween(connection: DuckDBConnection, rolledTo: number): Promise<void> {
  await connection.run(`
    create or replace temp table plain_late as
    with arrived as (
      select series_id, min(moment) as first_at, max(moment) as last_at, bool_or(stance = ${STATES}) as states
      from reading where telling_id > ${rolledTo} group by series_id)
    select s.series_id, s.region, m.kind, m.resource_type, m.silence_ms, a.first_at, a.last_at, a.states, r.stated, t.lead_at
    from arrived a join standing st using (series_id) join series s using (series_id) join plain_meter m on m.name = s.meter
      join rolled_series r using (series_id) join rolled_tail t using (series_id)
    where st.stale_from is null and a.last_at < t.lead_at and a.first_at > (select coalesce(max(horizon), 0) from frozen)`);
  const [row] = await rowsOf(connection, {
    sql: `select count(*), coalesce(min(first_at), 0)::bigint, coalesce(max(last_at), 0)::bigint from plain_late`,
  });
  if (integer(row?.[0]) === 0) return;
  await connection.run(`
    create or replace temp table plain_near as
    select r.series_id, r.moment, r.stance, r.telling_id <= ${rolledTo} as is_known
    from reading r join plain_late a using (series_id)
    where r.moment between ${integer(row?.[1]) - NEAR_MS} and ${integer(row?.[2]) + NEAR_MS}
      and r.moment between a.first_at - ${NEAR_MS} and a.last_at + ${NEAR_MS}`);
  await connection.run(`create or replace temp table plain_between as ${BETWEEN}`);
  await connection.run(`insert into plain_work by name ${WORK}`);
}

const BETWEEN = `
  with neighbours as (
    select a.series_id, max(n.moment) filter (n.moment < a.first_at) as before_at,
      arg_max(n.stance, n.moment) filter (n.moment < a.first_at) as before_stance,
      min(n.moment) filter (n.moment > a.last_at and (n.stance = ${STATES} or not a.states)) as after_at
    from plain_late a join plain_near n using (series_id) where n.is_known group by a.series_id),
  reached as (
    select a.*, ${hourOf("n.before_at")} as starts,
      ${hourOf(`n.after_at + ${HOUR_MS - 1} + (a.kind = ${COUNTER})::integer`)} as ends
    from plain_late a join neighbours n using (series_id)
    where n.after_at <= a.lead_at and (n.before_stance = ${STATES} or not a.states)
      and ${hourOf("n.before_at")} > (select coalesce(max(horizon), 0) from frozen))
  select r.series_id, any_value(r.region) as region, any_value(r.kind) as kind, any_value(r.resource_type) as resource_type,
    any_value(r.silence_ms) as silence_ms, any_value(r.stated) as stated, r.starts, r.ends,
    max(n.moment) filter (n.moment < r.starts) as from_at,
    arg_max(n.stance, n.moment) filter (n.moment < r.starts) as from_stance,
    min(n.moment) filter (n.moment >= r.ends) as to_at
  from reached r join plain_near n using (series_id) group by r.series_id, r.starts, r.ends
  having from_at is not null and to_at is not null`;

/** What was stated long before is looked up in all readings; where that is not one plain statement, the series is not plain either. */
const WORK = `
  with wanting as (select * from plain_between where stated and from_stance <> ${STATES}),
  said as (
    select r.series_id, r.moment, r.claim_id, r.value, r.telling_id from reading r join wanting b using (series_id)
    where r.stance = ${STATES} and r.moment < b.from_at),
  latest as (select series_id, max(moment) as moment from said group by series_id),
  statement as (
    select series_id, any_value(claim_id) as claim_id, any_value(value) as value from said semi join latest using (series_id, moment)
    group by series_id
    having count(*) = 1 and not bool_or(telling_id in (select telling_id from telling where transition is not null)))
  select b.series_id, b.region, b.kind, b.resource_type, b.silence_ms, b.starts, b.ends, b.from_at, b.to_at,
    false as is_tail, true as is_between, b.stated as was_stated, s.claim_id as stated_claim, s.value as stated_value
  from plain_between b left join statement s using (series_id)
  where not b.stated or b.from_stance = ${STATES} or s.series_id is not null`;
