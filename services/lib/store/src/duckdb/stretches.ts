import { BIGINT, type DuckDBConnection, type DuckDBResult } from "@duckdb/node-api";
import { allMeters, type Instant, PAIRING_MS, type Period } from "@raingauge/domain";
import { FOREVER } from "../forever.ts";
import { ENDS, STATES, VANISHES } from "../stance.ts";
import type { StoredReading } from "../stored-reading.ts";
import { integer, moment, rowsOf, whole } from "./answer.ts";
import type { Catalogue, Series } from "./catalogue.ts";
import { storedReading } from "./stored.ts";

/** A series over a period, with the readings that decide it: at least what the domain's `slice` keeps. */
export interface Stretch {
  readonly series: Series;
  readonly period: Period;
  readonly readings: readonly StoredReading[];
  /** Deliveries of the same readings that count no more. */
  readonly replaced: readonly StoredReading[];
}

/**
 * The readings of the temporary table `stretch` (series_id, starts, ends). Around a period they are those from the last
 * one before that no later one can refute to the first such after; the statement in force, or the first; the final end, with
 * the statements before it. Each with what a retelling within two seconds may hide. Messages are left out
 * but where they name the reading.
 */
export async function readStretches(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  asOf: Instant | undefined,
): Promise<Stretch[]> {
  const upTo = await lastTelling(connection, asOf);
  return stretchesOf(catalogue, await connection.run(stretchesSql(), { upTo }, UP_TO));
}

/** Lays the same out in the temporary table `picked`, for when they are too many to be held in memory at once. */
export async function pickReadings(connection: DuckDBConnection): Promise<void> {
  await connection.run(`create or replace temp table picked as ${stretchesSql()}`, { upTo: BigInt(FOREVER) }, UP_TO);
}

/** The same as of a telling, with the first reading of each series besides. */
export async function pickWithFirst(connection: DuckDBConnection, upTo: bigint): Promise<void> {
  const sql = `create or replace temp table picked as ${stretchesSql("or r.moment = m.first_at")}`;
  await connection.run(sql, { upTo }, UP_TO);
}

const UP_TO = { upTo: BIGINT };

/** The last telling that was stored up to an instant. */
export async function lastTelling(connection: DuckDBConnection, asOf: Instant | undefined): Promise<bigint> {
  if (asOf === undefined) return BigInt(FOREVER);
  const [row] = await rowsOf(connection, {
    sql: "select coalesce(max(telling_id), 0) from telling where stored_at <= $asOf",
    values: { asOf: BigInt(asOf) },
    types: { asOf: BIGINT },
  });
  return whole(row?.[0]);
}

/** Of those laid out, the readings of the series between two numbers. */
export async function readPicked(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  first: number,
  last: number,
): Promise<Stretch[]> {
  const sql = "from picked where series_id between $1 and $2 order by series_id, starts, moment, telling_id";
  return stretchesOf(catalogue, await connection.run(sql, [first, last]));
}

/** Rows come series by series, period by period, oldest first. */
async function stretchesOf(catalogue: Catalogue, result: DuckDBResult): Promise<Stretch[]> {
  const stretches: Growing[] = [];
  for (const chunk of await result.fetchAllChunks()) {
    const [ids = [], starts = [], ends = [], ...columns] = chunk.getColumns();
    for (const [row, id] of ids.entries()) {
      const start = moment(starts[row]);
      let current = stretches.at(-1);
      if (current === undefined || current.series.id !== id || current.period.start !== start) {
        current = {
          series: seriesOf(catalogue, integer(id)),
          period: { start, end: moment(ends[row]) },
          readings: [],
          replaced: [],
        };
        stretches.push(current);
      }
      const [moments, ...cells] = columns.map((column) => column[row] ?? null);
      add(current, storedReading(catalogue, current.series.id, moment(moments), cells));
    }
  }
  return stretches;
}

type Growing = Stretch & { readonly readings: StoredReading[]; readonly replaced: StoredReading[] };

/** A reading is stored again only when it is told earlier, so that of several deliveries the one stored last counts. */
function add({ readings, replaced }: Growing, reading: StoredReading): void {
  for (let index = readings.length - 1; readings[index]?.at === reading.at; index -= 1) {
    if (readings[index]?.id === reading.id) replaced.push(...readings.splice(index, 1));
  }
  readings.push(reading);
}

function seriesOf(catalogue: Catalogue, id: number): Series {
  const series = catalogue.series[id];
  if (series === undefined) throw new RangeError(`no series has the number ${id}`);
  return series;
}

/** A transition told again and again, each time within two seconds of the last, ends within this. */
const TELLINGS_MS = 30 * PAIRING_MS;

/** A difference is named by its message too, and what is unknown may be one. */
const namedWithout = (): string =>
  allMeters()
    .filter(({ kind }) => kind !== "delta")
    .map(({ name }) => `'${name}'`)
    .join(",");

const stretchesSql = (also = ""): string => `
  with passage as (select telling_id from telling where transition is not null),
  mark as (
    select s.series_id, s.starts, s.ends,
      coalesce(max(r.moment) filter (r.moment < s.starts and r.stance <> ${VANISHES}), s.starts) - ${TELLINGS_MS} as lead_at,
      coalesce(min(r.moment) filter (r.moment >= s.ends and r.stance <> ${VANISHES}
        and (p.telling_id is null or r.moment >= s.ends + ${PAIRING_MS})), ${FOREVER}) as tail_at,
      coalesce(max(r.moment) filter (r.moment < s.starts and r.stance = ${STATES}), min(r.moment) filter (r.stance = ${STATES})) as stated_at,
      min(r.moment) filter (r.stance = ${ENDS}) as ended_at, min(r.moment) as first_at
    from stretch s join reading r using (series_id) left join passage p using (telling_id)
    where r.telling_id <= $upTo group by s.series_id, s.starts, s.ends)
  select m.series_id, m.starts, m.ends, r.moment, r.value, r.stance, r.claim_id, r.telling_id, r.mark, t.sequence,
    t.transition, case when s.meter not in (${namedWithout()}) then t.message end as message
  from mark m join reading r using (series_id) join series s using (series_id) join telling t using (telling_id)
  where r.telling_id <= $upTo and (
    r.moment between m.lead_at and m.tail_at
    or r.moment between m.stated_at - ${TELLINGS_MS} and m.stated_at
    or r.moment between m.ended_at - ${TELLINGS_MS} and m.ended_at
    or (m.ended_at < m.starts and r.stance = ${STATES} and r.moment <= m.ended_at) ${also})
  order by m.series_id, m.starts, r.moment, r.telling_id`;
