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
      select series_id, hour, holder_id, quantity, ${high("seen")}, ${high("lapsed")}, ${low("lapsed")}, 0, ${low("seen")},
        ended // 2, ended % 2 = 1
      from (
        select p.series_id, p.hour, h.holder_id, sum(p.quantity) as quantity, sum(p.seen) as seen, sum(p.lapsed) as lapsed,
          max(p.ended) as ended
        from (${heldPortions(part)} union all ${grownPortions(part)}) p join plain_holder h using (claim_id)
        group by p.series_id, p.hour, h.holder_id)
      where quantity > 0 or seen + lapsed > 0 or ended is not null`);
  }
}

/** Two small numbers in one are added up at once. */
const both = (high: string, low: string): string => `(${high})::bigint * ${HALF} + ${low}`;
const high = (sum: string): string => `(${sum}::bigint // ${HALF})::integer`;
const low = (sum: string): string => `(${sum}::bigint % ${HALF})::integer`;
const HALF = 2 ** 32;

/** How many shares of hours are summed at a time: DuckDB holds each hour of each series until the last reading was looked at. */
const PART_PORTIONS = 1_000_000;

const IN_FORCE = "coalesce(l.stated_claim, w.first_claim, l.claim_id)";

/** What `steps` of the domain makes of a gauge: of which value, from when, until when it is observed, and until when it lasts. */
const HOLDS = `
  with held as (
    select l.series_id, ${IN_FORCE} as claim_id, w.starts, w.settled_to, w.kind, l.moment as from_at, l.next_at is null as is_last,
      l.stance = ${ENDS} as is_end,
      case when w.kind = ${EXISTENCE} then coalesce(l.stated_value, w.first_value, l.value) else l.value end as value,
      case when l.stance = ${ENDS} then l.moment
        when w.kind = ${GAUGE} then least(l.next_at, l.moment + w.silence_ms)
        else coalesce(l.next_at, w.held) end as held,
      l.moment + coalesce(m.limit_ms, 0) as limit_at
    from plain_line l join plain_end w using (series_id)
      left join plain_limit m on m.region = w.region and m.resource_type = w.resource_type
        and l.moment >= m.starts and l.moment < m.ends
    where w.kind <> ${COUNTER})
  select series_id, claim_id, starts, settled_to, from_at, is_last, is_end, value, held,
    case when kind = ${GAUGE} then held else least(held, limit_at) end as seen,
    ${hourOf("from_at")} as first_hour, ${hourOf("greatest(held - 1 + is_last::integer, from_at)")} as last_hour
  from held`;

/** What `growths` makes of a counter: how much it grew, from when, up to the reading that shows it. */
const GROWTHS = `
  with grown as (
    select l.series_id, ${IN_FORCE} as claim_id, w.starts, w.settled_to, l.moment as to_at, l.value,
      coalesce(l.before_at, case when c.witnessed and w.started_at < l.moment then w.started_at end) as from_at,
      coalesce(l.before_value, 0) as before_value
    from plain_line l join plain_end w using (series_id)
      join claim c on c.claim_id = l.claim_id
    where w.kind = ${COUNTER})
  select series_id, claim_id, starts, settled_to, from_at, to_at, from_at is not null and value < before_value as dropped,
    case when from_at is null or value < before_value then 0 else value::hugeint - before_value end as total,
    ${hourOf("coalesce(from_at, to_at)")} as first_hour, ${hourOf("to_at")} as last_hour
  from grown`;

/** How many shares of hours there are of each series: what `heldPortions` and `grownPortions` make of it. */
const PORTIONS = `
  select series_id, sum(greatest(0, last_hour - greatest(first_hour, starts)) // ${HOUR_MS} + 1) as weight
  from (
    select series_id, starts, first_hour, last_hour from plain_step
    union all
    select series_id, starts, first_hour, last_hour from plain_growth)
  group by series_id`;

const lapMs = (from: string, to: string): string =>
  `greatest(0, least(${to}, hour + ${HOUR_MS}) - greatest(${from}, hour))`;

/** Each row of a table once for every hour that it reaches. Nearly every one reaches one or two, and only others are counted through. */
const hourByHour = (table: string, columns: string, { first, last }: SeriesRange): string => {
  const mine = `from ${table} where series_id between ${first} and ${last}`;
  return `
    select * from (
      select ${columns}, first_hour as hour ${mine}
      union all
      select ${columns}, last_hour as hour ${mine} and first_hour < last_hour
      union all
      select ${columns}, unnest(range(greatest(first_hour + ${HOUR_MS}, starts), last_hour, ${HOUR_MS})) as hour
      ${mine} and first_hour + ${HOUR_MS} < last_hour)
    where hour >= starts and hour < settled_to`;
};

function heldPortions(part: SeriesRange): string {
  const columns = "series_id, claim_id, value, from_at, seen, held, first_hour, is_last, is_end, starts, settled_to";
  return `
    select series_id, hour, claim_id, value::hugeint * ${lapMs("from_at", "held")} as quantity,
      ${both("(hour = first_hour)::integer", "0")} as seen,
      ${both(lapMs("from_at", "seen"), lapMs("seen", "held"))} as lapsed,
      case when is_last and held >= hour and held < hour + ${HOUR_MS} then held * 2 + is_end::integer end as ended
    from (${hourByHour("plain_step", columns, part)})`;
}

/** Shares of growth are whole numbers that add up: each is the difference of two that were rounded down. */
function grownPortions(part: SeriesRange): string {
  const columns = "series_id, claim_id, from_at, to_at, total, dropped, last_hour, starts, settled_to";
  return `
    select series_id, hour, claim_id, ${spread(`hour + ${HOUR_MS}`)} - ${spread("hour")} as quantity,
      ${both("(hour = last_hour)::integer", "(dropped and hour = last_hour)::integer")} as seen,
      case when from_at is null then 0 else ${both(lapMs("from_at", "to_at"), "0")} end as lapsed, null::bigint as ended
    from (${hourByHour("plain_growth", columns, part)})`;
}

/** What fits into 64 bits is divided several times as fast. */
const spread = (moment: string): string =>
  `case when total = 0 or ${moment} <= from_at then 0::hugeint when ${moment} >= to_at then total
    when total <= ${FITTING} // (to_at - from_at) then (total::bigint * (${moment} - from_at) // (to_at - from_at))::hugeint
    else total * (${moment} - from_at) // (to_at - from_at) end`;

const FITTING = "9223372036854775807";

/** Makes the temporary table `plain_holder`: whose usage it is by which claim. */
async function noteHolders({ connection, catalogue, holders }: PlainBench): Promise<void> {
  const claims = await rowsOf(connection, {
    sql: `select distinct ${IN_FORCE} from plain_line l join plain_end w using (series_id)`,
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
