import type { DuckDBConnection } from "@duckdb/node-api";
import { HOUR_MS } from "@raingauge/domain";
import { integer, rowsOf } from "./answer.ts";
import type { Catalogue, Series } from "./catalogue.ts";
import { partsOf } from "./parts-of.ts";
import { type Reach, reachOfSpans, within } from "./reach.ts";
import { livesOn } from "./shelf.ts";
import { appendRows, type Row } from "./table.ts";

export const DAY_MS = 24 * HOUR_MS;

/**
 * Makes the days anew whose hours are replaced, as the temporary table `span` (series_id, starts, ends) tells; all of its series have
 * their places. What their hours are now stands in the temporary table `new_usage_hour`, and beside it what is left of a day's others.
 * Sums over days are sums over hours: quantities and evidence add up exactly.
 */
export async function sumDays(connection: DuckDBConnection): Promise<void> {
  const reach = await reachOfSpans(connection);
  if (reach === undefined) return;
  await connection.run(`
    create or replace temp table renewed as
    select distinct d.series_id, d.day from usage_by_day d join span s
      on s.series_id = d.series_id and d.day > s.starts - ${DAY_MS} and d.day < s.ends
    where ${within(reach, "d.series_id", "d.day")}`);
  const weights = `
    select series_id, sum(hours) as weight
    from (
      select series_id, 24 as hours from renewed
      union all
      select series_id, count(*) from new_usage_hour group by series_id)
    group by series_id`;
  for (const part of await partsOf(connection, weights, PART_HOURS)) await sumDaysOf(connection, { ...reach, ...part });
}

/** How many hours are summed at a time. */
const PART_HOURS = 4_000_000;

async function sumDaysOf(connection: DuckDBConnection, reach: Reach): Promise<void> {
  await connection.run(`
    delete from usage_by_day using renewed r
    where usage_by_day.series_id = r.series_id and usage_by_day.day = r.day
      and ${within(reach, "usage_by_day.series_id", "usage_by_day.day")}`);
  await connection.run(`
    insert into usage_by_day ${daysOf(`(
      select u.* from usage_hour u semi join renewed r on r.series_id = u.series_id and r.day = ${DAY}
      where ${within(reach, "u.series_id", "u.hour")}
      union all
      from new_usage_hour where series_id between ${reach.first} and ${reach.last})`)}`);
}

const DAY = `(u.hour - u.hour % ${DAY_MS})`;

const daysOf = (hours: string): string => `
  select u.series_id, p.thing_id, p.topic_id, ${DAY}, u.holder_id, sum(u.quantity), sum(u.readings)::integer,
    sum(u.observed_ms)::integer, sum(u.inferred_ms)::integer, sum(u.after_end)::integer,
    sum(u.counter_dropped)::integer, max(u.end_at * 2 + u.end_final::integer)
  from ${hours} u join place p on p.series_id = u.series_id group by all`;

/** A series of a temporary table is placed once: whatever is entered later has a higher number. */
export async function placeNew(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  table: "span" | "plain_work",
): Promise<void> {
  const unplaced = await rowsOf(connection, {
    sql: `select distinct series_id from ${table} where series_id not in (select series_id from place)`,
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
  await connection.run("delete from by_day_of");
  await connection.run(`insert into by_day_of ${STATE}`);
}

const STATE = `
  select (select max(watermark) from rolled), (select max(telling_id) from rolled), (select max(horizon) from frozen)`;

/** A version of ours that knew no days may have rolled up last: then they are made anew, once, as the file is opened. */
export async function renewDays(connection: DuckDBConnection): Promise<void> {
  const stale = await connection.runAndReadAll(`${STATE} except from by_day_of`);
  const [hours] = await rowsOf(connection, { sql: "select exists (from usage_hour)" });
  if (stale.currentRowCount === 0 || hours?.[0] !== true) return;
  await connection.run("begin transaction");
  await connection.run("delete from usage_by_day");
  await connection.run("delete from place");
  await connection.run(`
    insert into place
    select series_id, min(series_id) over (partition by region, meter, resource), min(series_id) over (partition by region, meter)
    from series`);
  await connection.run(`insert into usage_by_day ${daysOf("usage_hour")}`);
  await noteDays(connection);
  await connection.run("commit");
}
