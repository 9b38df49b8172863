import { BIGINT, type DuckDBConnection } from "@duckdb/node-api";
import { HOUR_MS } from "@raingauge/domain";
import { integer, optional, rowsOf, whole } from "./answer.ts";
import type { Catalogue, Series } from "./catalogue.ts";
import { partsOf, type SeriesRange } from "./parts-of.ts";
import { livesOn } from "./shelf.ts";
import { appendRows, type Row } from "./table.ts";

export const DAY_MS = 24 * HOUR_MS;

/**
 * Makes the days anew whose hours were replaced, as the temporary tables `span` (series_id, starts, ends) and `new_usage_hour` tell.
 * Sums over days are sums over hours: quantities and evidence add up exactly.
 */
export async function sumDays(connection: DuckDBConnection, catalogue: Catalogue): Promise<void> {
  const parts = await partsOf(connection, HOURS_OF_SPANS, PART_HOURS);
  if (parts.length === 0) return;
  await placeNew(connection, catalogue);
  for (const part of parts) await sumDaysOf(connection, part);
}

/** How many hours are summed at a time. */
const PART_HOURS = 4_000_000;

/** Those that took the place of others, and as many around a span as the days have that it begins and ends in. */
const HOURS_OF_SPANS = `
  select series_id, sum(hours) as weight
  from (
    select series_id, 48 as hours from span
    union all
    select series_id, count(*) from new_usage_hour group by series_id)
  group by series_id`;

async function sumDaysOf(connection: DuckDBConnection, part: SeriesRange): Promise<void> {
  const reach = await reachOfSpans(connection, part);
  if (reach === undefined) return;
  const mine = (table: string): string => `${table}.series_id between ${part.first} and ${part.last}`;
  await connection.run(
    `delete from usage_day using span
      where usage_day.series_id = span.series_id and ${mine("usage_day")} and ${mine("span")}
        and usage_day.day >= $from and usage_day.day < $to
        and usage_day.day > span.starts - ${DAY_MS} and usage_day.day < span.ends`,
    reach,
    REACH,
  );
  await connection.run(
    `insert into usage_day ${DAYS} semi join (from span where ${mine("span")}) s
      on s.series_id = u.series_id and ${DAY} > s.starts - ${DAY_MS} and ${DAY} < s.ends
    where u.hour >= $from and u.hour < $to and ${mine("u")} and ${mine("p")}
    group by all`,
    reach,
    REACH,
  );
}

const DAY = `(u.hour - u.hour % ${DAY_MS})`;

const DAYS = `
  select u.series_id, p.thing_id, p.topic_id, ${DAY}, u.holder_id, sum(u.quantity), sum(u.readings)::integer,
    sum(u.observed_ms)::integer, sum(u.inferred_ms)::integer, sum(u.after_end)::integer,
    sum(u.counter_dropped)::integer, max(u.end_at * 2 + u.end_final::integer)
  from usage_hour u join place p on p.series_id = u.series_id`;

const REACH = { from: BIGINT, to: BIGINT };

/** Whole days around all spans, so that a table is not read from its beginning for what happened today. */
async function reachOfSpans(
  connection: DuckDBConnection,
  { first, last }: SeriesRange,
): Promise<{ from: bigint; to: bigint } | undefined> {
  const [row] = await rowsOf(connection, {
    sql: `select min(starts), max(ends) from span where series_id between ${first} and ${last}`,
  });
  const [from, to] = [optional(row?.[0], whole), optional(row?.[1], whole)];
  if (from === undefined || to === undefined) return undefined;
  const day = BigInt(DAY_MS);
  return { from: from - (from % day), to: to + day };
}

/** A series is placed once: whatever is entered later has a higher number. */
async function placeNew(connection: DuckDBConnection, catalogue: Catalogue): Promise<void> {
  const unplaced = await rowsOf(connection, {
    sql: "select distinct series_id from span where series_id not in (select series_id from place)",
  });
  if (unplaced.length === 0) return;
  const topics = new Map<string, number>();
  for (const [id, each] of catalogue.series.entries()) {
    if (each !== undefined && !topics.has(topicKey(each))) topics.set(topicKey(each), id);
  }
  const rows = unplaced.map(([cell]): Row => {
    const id = integer(cell);
    const series = catalogue.series[id];
    if (series === undefined) throw new RangeError(`no series has the number ${id}`);
    const alike = livesOn(catalogue.shelfOf(series), catalogue.meterNumber(series.meter));
    return [id, Math.min(...alike.map((each) => each.id)), topics.get(topicKey(series)) ?? id];
  });
  await appendRows(connection, "place", rows);
}

const topicKey = ({ region, meter }: Series): string => `${region}\0${meter}`;

/** Of which state of the hours the days are made. */
export async function noteDays(connection: DuckDBConnection): Promise<void> {
  await connection.run("delete from days_of");
  await connection.run(`insert into days_of ${STATE}`);
}

const STATE = `
  select (select max(watermark) from rolled), (select max(telling_id) from rolled), (select max(horizon) from frozen)`;

/** A version of ours that knew no days may have rolled up last: then they are made anew, once, as the file is opened. */
export async function renewDays(connection: DuckDBConnection): Promise<void> {
  const stale = await connection.runAndReadAll(`${STATE} except from days_of`);
  const [hours] = await rowsOf(connection, { sql: "select exists (from usage_hour)" });
  if (stale.currentRowCount === 0 || hours?.[0] !== true) return;
  await connection.run("begin transaction");
  await connection.run("delete from usage_day");
  await connection.run("delete from place");
  await connection.run(`
    insert into place
    select series_id, min(series_id) over (partition by region, meter, resource), min(series_id) over (partition by region, meter)
    from series`);
  await connection.run(`insert into usage_day ${DAYS} group by all`);
  await noteDays(connection);
  await connection.run("commit");
}
