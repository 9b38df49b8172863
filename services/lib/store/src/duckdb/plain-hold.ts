import { BIGINT, BOOLEAN, LIST, listValue, VARCHAR } from "@duckdb/node-api";
import { allMeters, at, heldUntil, type Instant, observedUntil, type Watch } from "@raingauge/domain";
import { FOREVER } from "../forever.ts";
import { ENDS, STATES } from "../stance.ts";
import { moment, rowsOf, text } from "./answer.ts";
import { hourOf } from "./hour.ts";
import { COUNTER, EXISTENCE, type PlainBench } from "./plain-terms.ts";

/** Makes the temporary table `plain_end`: the series of `plain_line`, how each stands with its last reading, and until when that holds. */
export async function noteHolds(bench: PlainBench): Promise<void> {
  await noteLastHolds(bench);
  await bench.connection.run(`
    create or replace temp table plain_end as
    with whole as (
      select series_id, min(moment) as first_at, bool_or(stance = ${STATES}) as has_statement from plain_line group by series_id)
    select w.*, l.moment as last_at, l.stance = ${ENDS} as is_ended, h.held, coalesce(h.is_open, false) as is_open,
      whole.has_statement, coalesce(w.ends, case when h.is_open then ${hourOf("l.moment")} else ${FOREVER} end) as settled_to,
      case when w.kind = ${COUNTER} then least(whole.first_at, w.started_at) else whole.first_at end as first_at
    from plain_line l join whole using (series_id) join plain_mine w using (series_id)
      left join plain_hold h on h.region = w.region and h.resource_type = w.resource_type and h.moment = l.moment
        and w.kind = ${EXISTENCE} and l.stance <> ${ENDS}
    where l.next_at is null`);
}

/** Makes the temporary table `plain_limit`, of what the sources say of existence: from when to when a reading is observed for how long. */
export async function noteLimits({ connection, catalogue, watchOf }: PlainBench): Promise<void> {
  const regions = [...new Set(catalogue.series.flatMap((series) => series?.region ?? []))];
  const types = [...new Set(allMeters().flatMap(({ existence, resourceType }) => (existence ? [resourceType] : [])))];
  const rows = regions.flatMap((region) =>
    types.flatMap((type) => limitsOf(watchOf(region, type)).map((limit) => ({ region, type, ...limit }))),
  );
  await connection.run(
    `create or replace temp table plain_limit as
      select unnest($regions) as region, unnest($types) as resource_type, unnest($starts) as starts, unnest($ends) as ends,
        unnest($limits) as limit_ms`,
    {
      regions: listValue(rows.map(({ region }) => region)),
      types: listValue(rows.map(({ type }) => type)),
      starts: listValue(rows.map(({ start }) => BigInt(start))),
      ends: listValue(rows.map(({ end }) => BigInt(end))),
      limits: listValue(rows.map(({ limitMs }) => BigInt(limitMs))),
    },
    { regions: LIST(VARCHAR), types: LIST(VARCHAR), starts: LIST(BIGINT), ends: LIST(BIGINT), limits: LIST(BIGINT) },
  );
}

/** How long a reading is observed changes only where a source begins. */
function limitsOf(watch: Watch) {
  const edges = [at(0), ...new Set(watch.confirmations.map(({ since }) => since).toSorted((a, b) => a - b))];
  return edges.map((start, index) => ({
    start,
    end: edges[index + 1] ?? at(FOREVER),
    limitMs: observedUntil(watch, start) - start,
  }));
}

/** Most series of a poll share their last instant. */
async function noteLastHolds({ connection, watchOf }: PlainBench): Promise<void> {
  const rows = (
    await rowsOf(connection, {
      sql: `
        select distinct w.region, w.resource_type, l.moment from plain_line l join plain_mine w using (series_id)
        where l.next_at is null and l.stance <> ${ENDS} and w.kind = ${EXISTENCE}`,
    })
  ).map(([region, type, last]) => ({ region: text(region), type: text(type), last: moment(last) }));
  const held = rows.map(({ region, type, last }) => heldUntil(watchOf(region, type), last));
  await connection.run(
    `create or replace temp table plain_hold as
      select unnest($regions) as region, unnest($types) as resource_type, unnest($moments) as moment, unnest($held) as held,
        unnest($open) as is_open`,
    {
      regions: listValue(rows.map(({ region }) => region)),
      types: listValue(rows.map(({ type }) => type)),
      moments: listValue(rows.map(({ last }) => BigInt(last))),
      held: listValue(held.map((each) => BigInt(each))),
      open: listValue(rows.map(({ region, type, last }) => !isConfirmed(watchOf(region, type), last))),
    },
    { regions: LIST(VARCHAR), types: LIST(VARCHAR), moments: LIST(BIGINT), held: LIST(BIGINT), open: LIST(BOOLEAN) },
  );
}

/** Some source would have spoken again, and so the hold ends whether or not a listener was listening. */
const isConfirmed = ({ confirmations }: Watch, last: Instant): boolean =>
  confirmations.some(({ since }) => since <= last);
