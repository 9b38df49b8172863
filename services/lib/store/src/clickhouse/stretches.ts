import { at, type Instant, PAIRING_MS, type Period } from "@raingauge/domain";
import { FOREVER } from "../forever.ts";
import { ENDS, STATES, VANISHES } from "../stance.ts";
import type { Catalogue, Series } from "./catalogue.ts";
import type { Key } from "./key.ts";
import { readingsOf } from "./messages.ts";
import { counted, type Seen } from "./seen.ts";
import { every, packed, packedKeys } from "./sql.ts";
import { READING, type Reading, type Row, readRow } from "./stored.ts";

/** A series over a period. */
export interface Asked {
  readonly series: Key;
  readonly period: Period;
}

/** With the readings that decide it: at least what the domain's `slice` keeps, all deliveries of each. */
export interface Stretch {
  readonly series: Series;
  readonly period: Period;
  readonly readings: readonly Reading[];
}

/** How many stretches one question names. */
const ASKED_MAX = 20_000;

/** `also` names further readings, as a condition in SQL that begins with `or` and knows each series' `first_at`. */
export async function readStretches(
  seen: Seen,
  catalogue: Catalogue,
  asked: readonly Asked[],
  also = "",
): Promise<Stretch[]> {
  const stretches: Stretch[] = [];
  for (let start = 0; start < asked.length; start += ASKED_MAX) {
    const rows = await rowsOf(seen, asked.slice(start, start + ASKED_MAX), also);
    for (const stretch of await withReadings(seen, catalogue, rows)) stretches.push(stretch);
  }
  return stretches;
}

/** A row of a stretch. */
interface StretchRow extends Row {
  readonly starts: Instant;
  readonly ends: Instant;
}

function rowsOf(seen: Seen, asked: readonly Asked[], also: string): Promise<StretchRow[]> {
  const sql = asked.every(isWhole) ? wholeSeries(seen, asked) : around(seen, asked, also);
  return seen.server.ask(sql, (row) => ({ ...readRow(row), starts: row.moment(), ends: row.moment() }));
}

const isWhole = ({ period }: Asked): boolean => period.start <= 0 && period.end >= FOREVER;

const wholeSeries = ({ server, lasts }: Seen, asked: readonly Asked[]): string => `
  select ${READING}, 0::Int64, ${FOREVER}::Int64 from ${server.table("reading")} as reading
  where ${every(`series in ${packedKeys(asked.map(({ series }) => series))}`, counted(lasts))}
  order by series, moment, lot`;

/** A transition told again and again, each time within two seconds of the last, ends within this. */
const TELLINGS_MS = 30 * PAIRING_MS;

/**
 * Around a period: the readings from the last one before that no later one can refute to the first such after; the statement
 * in force, or the first; the final end, with the statements before it. Each with what a retelling within two seconds may hide.
 */
function around({ server, lasts }: Seen, asked: readonly Asked[], also: string): string {
  const reading = server.table("reading");
  const keys = asked.map(({ series }) => series);
  const stretch = packed({
    keys,
    numbers: { starts: asked.map(({ period }) => period.start), ends: asked.map(({ period }) => period.end) },
  });
  const where = every(`reading.series in ${packedKeys([...new Set(keys)])}`, counted(lasts));
  const firm = `stance <> ${VANISHES}`;
  return `
    with mark as (
      select reading.series as series, starts, ends,
        coalesce(maxOrNullIf(moment, moment < starts and ${firm}), starts) - ${TELLINGS_MS} as lead_at,
        coalesce(minOrNullIf(moment, moment >= ends and ${firm}
          and (transition = '' or moment >= ends + ${PAIRING_MS})), ${FOREVER}) as tail_at,
        coalesce(maxOrNullIf(moment, moment < starts and stance = ${STATES}), minOrNullIf(moment, stance = ${STATES})) as stated_at,
        minOrNullIf(moment, stance = ${ENDS}) as ended_at, min(moment) as first_at
      from ${reading} as reading inner join ${stretch} as stretch on reading.series = stretch.series
      where ${where} group by series, starts, ends)
    select ${READING}, mark.starts, mark.ends
    from ${reading} as reading inner join mark on reading.series = mark.series
    where ${where} and (
      moment between lead_at and tail_at
      or ifNull(moment between stated_at - ${TELLINGS_MS} and stated_at, 0)
      or ifNull(moment between ended_at - ${TELLINGS_MS} and ended_at, 0)
      or ifNull(ended_at < mark.starts and stance = ${STATES} and moment <= ended_at, 0) ${also})
    order by reading.series, mark.starts, moment, lot`;
}

/** Rows come series by series, period by period, oldest first. */
async function withReadings({ server }: Seen, catalogue: Catalogue, rows: readonly StretchRow[]): Promise<Stretch[]> {
  const readings = await readingsOf(server, catalogue, rows);
  const seriesOf = await catalogue.seriesOf(new Set(rows.map(({ series }) => series)));
  const stretches: (Stretch & { readonly readings: Reading[] })[] = [];
  let before: StretchRow | undefined;
  for (const [index, row] of rows.entries()) {
    if (before?.series !== row.series || before.starts !== row.starts)
      stretches.push({
        series: seriesOf(row.series),
        period: { start: at(row.starts), end: at(row.ends) },
        readings: [],
      });
    const reading = readings[index];
    if (reading !== undefined) stretches.at(-1)?.readings.push(reading);
    before = row;
  }
  return stretches;
}
