import { BIGINT, type DuckDBConnection } from "@duckdb/node-api";
import { HOUR_MS } from "@raingauge/domain";
import { integer, optional, rowsOf, whole } from "./answer.ts";
import type { Catalogue, Series } from "./catalogue.ts";
import { livesOn } from "./shelf.ts";
import { appendRows, type Row } from "./table.ts";

export const DAY_MS = 24 * HOUR_MS;

/**
 * Makes the days anew whose hours were replaced, as the temporary table `span` (series_id, starts, ends) tells. Sums over days
 * are sums over hours: quantities and evidence add up exactly.
 */
export async function sumDays(connection: DuckDBConnection, catalogue: Catalogue): Promise<void> {
  const reach = await reachOfSpans(connection);
  if (reach === undefined) return;
  await placeNew(connection, catalogue);
  await connection.run(
    `delete from usage_day using span
      where usage_day.series_id = span.series_id and usage_day.day >= $from and usage_day.day < $to
        and usage_day.day > span.starts - ${DAY_MS} and usage_day.day < span.ends`,
    reach,
    REACH,
  );
  await connection.run(
    `insert into usage_day ${DAYS} where u.hour >= $from and u.hour < $to and exists (
      select 1 from span where span.series_id = u.series_id
        and ${DAY} > span.starts - ${DAY_MS} and ${DAY} < span.ends)
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
  from usage_hour u join place p using (series_id)`;

const REACH = { from: BIGINT, to: BIGINT };

/** Whole days around all spans, so that a table is not read from its beginning for what happened today. */
async function reachOfSpans(connection: DuckDBConnection): Promise<{ from: bigint; to: bigint } | undefined> {
  const [row] = await rowsOf(connection, { sql: "select min(starts), max(ends) from span" });
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
