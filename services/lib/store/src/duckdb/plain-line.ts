import type { DuckDBConnection } from "@duckdb/node-api";
import { ENDS, SIGHTS, STATES, VANISHES } from "../stance.ts";
import { integer, rowsOf } from "./answer.ts";
import type { Portion } from "./parts-of.ts";
import { COUNTER, type PlainBench } from "./plain-terms.ts";

/**
 * Makes the temporary table `plain_line` of a part: the readings of its series that turn out plain, each with its neighbours and
 * the statement in force; and `plain_mine`, its series of \`plain_work\` with the first statement, for where there was none yet. A series that was rolled up before is read only from the hour of
 * its last reading on, after the reading before that hour as the last roll-up noted it: so what is read follows from what arrived,
 * and not from what is there.
 */
export async function layOut(connection: DuckDBConnection, { first, last, from }: Portion): Promise<void> {
  await connection.run(`
    create or replace temp table plain_reading as from (${from}) where series_id between ${first} and ${last}`);
  await connection.run(`
    create or replace temp table plain_mine as
    with first_statement as (
      select series_id, arg_min(claim_id, moment) as first_claim, arg_min(value, moment) as first_value
      from plain_reading where stance = ${STATES} group by series_id)
    from plain_work left join first_statement using (series_id) where series_id between ${first} and ${last}`);
  await connection.run(`
    create or replace temp table plain_line as
    select r.series_id, r.moment, r.value, r.stance, r.claim_id, r.telling_id,
      lead(r.moment) over line as next_at, lag(r.moment) over line as before_at, lag(r.value) over line as before_value,
      coalesce(last_value(${stated("r.claim_id")} ignore nulls) over so_far, w.stated_claim) as stated_claim,
      coalesce(last_value(${stated("r.value")} ignore nulls) over so_far, w.stated_value) as stated_value
    from plain_reading r join plain_mine w using (series_id)
    window line as (partition by r.series_id order by r.moment),
      so_far as (line rows between unbounded preceding and current row)`);
  await connection.run(`
    delete from plain_line where series_id in (
      select l.series_id from plain_line l join plain_mine w using (series_id)
      where l.moment = l.before_at or l.stance = ${VANISHES}
        or (l.stance = ${ENDS} and (l.next_at is not null or w.kind = ${COUNTER}))
      union all
      select series_id from plain_line
      where telling_id in (select telling_id from telling where transition is not null))`);
}

/** The question for the readings of `plain_work` that are to be laid out. */
export async function readingsToLayOut({
  connection,
  rolledTo,
}: Pick<PlainBench, "connection" | "rolledTo">): Promise<string> {
  const [row] = await rowsOf(connection, {
    sql: `select coalesce(min(starts) filter (is_tail), 0)::bigint, coalesce(min(from_at), 0)::bigint,
      coalesce(max(to_at), 0)::bigint from plain_work`,
  });
  return `
    select ${COLUMNS} from reading r join plain_work w using (series_id)
    where r.telling_id > ${rolledTo} and not w.is_tail and not w.is_between
    union all
    select ${COLUMNS} from reading r join plain_work w using (series_id)
    where r.moment >= ${integer(row?.[0])} and w.is_tail and r.moment >= w.starts
    union all
    select ${COLUMNS} from reading r join plain_work w using (series_id)
    where r.moment between ${integer(row?.[1])} and ${integer(row?.[2])} and w.is_between
      and r.moment between w.from_at and w.to_at
    union all
    select w.series_id, w.lead_at, w.lead_value, ${SIGHTS}, w.lead_claim, 0 from plain_work w where w.lead_at is not null`;
}

const COLUMNS = "r.series_id, r.moment, r.value, r.stance, r.claim_id, r.telling_id";

const stated = (column: string): string => `case when r.stance = ${STATES} then ${column} end`;
