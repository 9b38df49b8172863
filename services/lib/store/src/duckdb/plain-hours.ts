import { INTEGER, LIST, listValue } from "@duckdb/node-api";
import { HOUR_MS } from "@raingauge/domain";
import { ENDS } from "../stance.ts";
import { integer, rowsOf } from "./answer.ts";
import { hourOf } from "./hour.ts";
import { partsOf, type SeriesRange } from "./parts-of.ts";
import { COUNTER, EXISTENCE, GAUGE, type PlainBench } from "./plain-terms.ts";

/**
 * Stages the usage of every hour that the series of `plain_line` are rolled up for. Of how many hours a few readings speak is not
 * bounded by their number, a machine that was seen twice may have run for a month between: so hours are counted first, and summed so
 * many at a time.
 */
export async function sumHours(bench: PlainBench): Promise<void> {
  const { connection } = bench;
  await noteHolders(bench);
  await connection.run(`create or replace temp table plain_step as ${HOLDS}`);
  await connection.run(`create or replace temp table plain_growth as ${GROWTHS}`);
  for (const part of await partsOf(connection, PORTIONS, PART_PORTIONS)) {
    await connection.run(`
      insert into new_usage_hour
      select p.series_id, p.hour, h.holder_id, sum(p.quantity), sum(p.readings)::integer, sum(p.observed_ms)::integer,
        sum(p.inferred_ms)::integer, 0, sum(p.dropped)::integer, max(p.end_at), bool_or(p.end_final)
      from (${heldPortions(part)} union all ${grownPortions(part)}) p join plain_holder h using (claim_id)
      group by p.series_id, p.hour, h.holder_id
      having sum(p.quantity) > 0 or sum(p.readings) + sum(p.observed_ms) + sum(p.inferred_ms) + sum(p.dropped) > 0
        or max(p.end_at) is not null`);
  }
}

/** How many shares of hours are summed at a time: DuckDB holds each hour of each series until the last reading was looked at. */
const PART_PORTIONS = 1_000_000;

const IN_FORCE = "coalesce(l.stated_claim, l.first_claim, l.claim_id)";

/** What `steps` of the domain makes of a gauge: of which value, from when, until when it is observed, and until when it lasts. */
const HOLDS = `
  with held as (
    select l.series_id, ${IN_FORCE} as claim_id, w.starts, e.settled_to, w.kind, l.moment as from_at, l.next_at is null as is_last,
      l.stance = ${ENDS} as is_end,
      case when w.kind = ${EXISTENCE} then coalesce(l.stated_value, l.first_value, l.value) else l.value end as value,
      case when l.stance = ${ENDS} then l.moment
        when w.kind = ${GAUGE} then least(l.next_at, l.moment + w.silence_ms)
        else coalesce(l.next_at, e.held) end as held,
      l.moment + coalesce(m.limit_ms, 0) as limit_at
    from plain_line l join plain_mine w using (series_id) join plain_end e using (series_id)
      left join plain_limit m on m.region = w.region and m.resource_type = w.resource_type
        and l.moment >= m.starts and l.moment < m.ends
    where w.kind <> ${COUNTER})
  select series_id, claim_id, starts, settled_to, from_at, is_last, is_end, value, held,
    case when kind = ${GAUGE} then held else least(held, limit_at) end as seen
  from held`;

/** What `growths` makes of a counter: how much it grew, from when, up to the reading that shows it. */
const GROWTHS = `
  with grown as (
    select l.series_id, ${IN_FORCE} as claim_id, w.starts, e.settled_to, l.moment as to_at, l.value,
      coalesce(l.before_at, case when c.witnessed and w.started_at < l.moment then w.started_at end) as from_at,
      coalesce(l.before_value, 0) as before_value
    from plain_line l join plain_mine w using (series_id) join plain_end e using (series_id)
      join claim c on c.claim_id = l.claim_id
    where w.kind = ${COUNTER})
  select series_id, claim_id, starts, settled_to, from_at, to_at, from_at is not null and value < before_value as dropped,
    case when from_at is null or value < before_value then 0 else value - before_value end::hugeint as total
  from grown`;

const LAST_HELD_HOUR = hourOf("greatest(held - 1 + is_last::integer, from_at)");

/** How many shares of hours there are of each series: what `heldPortions` and `grownPortions` make of it. */
const PORTIONS = `
  select series_id, sum(greatest(0, last_hour - greatest(first_hour, starts)) // ${HOUR_MS} + 1) as weight
  from (
    select series_id, starts, ${hourOf("from_at")} as first_hour, ${LAST_HELD_HOUR} as last_hour from plain_step
    union all
    select series_id, starts, ${hourOf("coalesce(from_at, to_at)")}, ${hourOf("to_at")} from plain_growth)
  group by series_id`;

const lapMs = (from: string, to: string): string =>
  `greatest(0, least(${to}, hour + ${HOUR_MS}) - greatest(${from}, hour))`;

/** Nearly every step lies within one hour, and only the others are taken apart. */
function heldPortions({ first, last }: SeriesRange): string {
  const mine = `series_id between ${first} and ${last}`;
  const columns = `series_id, claim_id, value, from_at, seen, held, is_last, is_end, starts, settled_to`;
  return `
    select series_id, hour, claim_id, value::hugeint * ${lapMs("from_at", "held")} as quantity,
      (hour = ${hourOf("from_at")})::integer as readings, ${lapMs("from_at", "seen")} as observed_ms,
      ${lapMs("seen", "held")} as inferred_ms, 0 as dropped, case when ${isEndHere} then held end as end_at,
      case when ${isEndHere} then is_end end as end_final
    from (
      select ${columns}, ${hourOf("from_at")} as hour from plain_step
      where ${mine} and ${hourOf("from_at")} = ${LAST_HELD_HOUR}
      union all
      select ${columns}, unnest(range(greatest(${hourOf("from_at")}, starts), ${LAST_HELD_HOUR} + 1, ${HOUR_MS})) as hour
      from plain_step where ${mine} and ${hourOf("from_at")} < ${LAST_HELD_HOUR})
    where hour >= starts and hour < settled_to`;
}

const isEndHere = `is_last and held >= hour and held < hour + ${HOUR_MS}`;

/** Shares of growth are whole numbers that add up: each is the difference of two that were rounded down. */
function grownPortions({ first, last }: SeriesRange): string {
  const mine = `series_id between ${first} and ${last}`;
  const columns = "series_id, claim_id, from_at, to_at, total, dropped, starts, settled_to";
  return `
    select series_id, hour, claim_id, ${spread(`hour + ${HOUR_MS}`)} - ${spread("hour")} as quantity,
      (hour = ${hourOf("to_at")})::integer as readings,
      case when from_at is null then 0 else ${lapMs("from_at", "to_at")} end as observed_ms, 0 as inferred_ms,
      (dropped and hour = ${hourOf("to_at")})::integer as dropped, null::bigint as end_at, null::boolean as end_final
    from (
      select ${columns}, ${hourOf("to_at")} as hour from plain_growth
      where ${mine} and (from_at is null or ${hourOf("from_at")} = ${hourOf("to_at")})
      union all
      select ${columns}, unnest(range(greatest(${hourOf("from_at")}, starts), to_at + 1, ${HOUR_MS})) as hour
      from plain_growth where ${mine} and ${hourOf("from_at")} < ${hourOf("to_at")})
    where hour >= starts and hour < settled_to`;
}

const spread = (moment: string): string =>
  `case when total = 0 or ${moment} <= from_at then 0::hugeint when ${moment} >= to_at then total
    else total * (${moment} - from_at) // (to_at - from_at) end`;

/** Makes the temporary table `plain_holder`: whose usage it is by which claim. */
async function noteHolders({ connection, catalogue, holders }: PlainBench): Promise<void> {
  const claims = await rowsOf(connection, {
    sql: `select distinct ${IN_FORCE} from plain_line l`,
  });
  const ids = claims.map(([cell]) => integer(cell));
  const numbers = ids.map((id) => {
    const claim = catalogue.claims[id];
    if (claim === undefined) throw new RangeError(`no claim has the number ${id}`);
    return holders.idOf(claim);
  });
  await connection.run(
    "create or replace temp table plain_holder as select unnest($claims) as claim_id, unnest($holders) as holder_id",
    { claims: listValue(ids), holders: listValue(numbers) },
    { claims: LIST(INTEGER), holders: LIST(INTEGER) },
  );
}
