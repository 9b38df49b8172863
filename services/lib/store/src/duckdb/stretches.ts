import { BIGINT, type DuckDBConnection, type DuckDBResult, type DuckDBValue } from "@duckdb/node-api";
import { type Instant, PAIRING_MS, type Period, type Sample } from "@raingauge/domain";
import { integer, moment, text, whole } from "./answer.ts";
import type { Catalogue, Series } from "./catalogue.ts";
import { FOREVER } from "./schema.ts";
import { ENDS, STATES, stanceOf, VANISHES } from "./stance.ts";

/** A series over a period, with the readings that decide it: at least what the domain's `slice` keeps. */
export interface Stretch {
  readonly series: Series;
  readonly period: Period;
  readonly readings: readonly StoredReading[];
  /** Deliveries of the same readings that count no more. */
  readonly replaced: readonly StoredReading[];
}

export type StoredReading = Sample & { readonly storedAt: Instant; readonly messageId: bigint };

/**
 * The readings of the temporary table `stretch` (series_id, starts, ends). Around a period they are those from the last
 * one before that no later one can refute to the first such after; the statement in force, or the first; the final end, with
 * the statements before it. Each with what a retelling within two seconds may hide. Messages are left as numbers.
 */
export async function readStretches(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  asOf: Instant | undefined,
): Promise<Stretch[]> {
  return stretchesOf(catalogue, await connection.run(STRETCHES, { asOf: BigInt(asOf ?? FOREVER) }, { asOf: BIGINT }));
}

/** Lays the same out in the temporary table `picked`, for when they are too many to be held in memory at once. */
export async function pickReadings(connection: DuckDBConnection): Promise<void> {
  const sql = `create or replace temp table picked as ${STRETCHES}`;
  await connection.run(sql, { asOf: BigInt(FOREVER) }, { asOf: BIGINT });
}

/** Of those laid out, the readings of the series between two numbers. */
export async function readPicked(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  first: number,
  last: number,
): Promise<Stretch[]> {
  const sql = "from picked where series_id between $1 and $2 order by series_id, starts, moment, stored_at";
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
      add(current, readingOf(catalogue, current.series, columns, row));
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

function readingOf(
  catalogue: Catalogue,
  { region, meter, resource }: Series,
  columns: readonly (readonly DuckDBValue[])[],
  row: number,
): StoredReading {
  const [ats, values, stances, claims, sequences, transitions, ids, messages, stored] = columns;
  const claim = catalogue.claims[integer(claims?.[row])];
  if (claim === undefined) throw new RangeError(`no claim has the number ${String(claims?.[row])}`);
  const { project, origin, source, dimensions, incarnation } = claim;
  const transition = transitions?.[row];
  return {
    id: text(ids?.[row]),
    region,
    project,
    meter,
    resource,
    at: moment(ats?.[row]),
    value: whole(values?.[row]),
    origin,
    source,
    stance: stanceOf(integer(stances?.[row])),
    dimensions,
    sequence: integer(sequences?.[row]),
    message: "",
    messageId: whole(messages?.[row]),
    storedAt: moment(stored?.[row]),
    ...(typeof transition === "string" && { transition }),
    ...(incarnation !== undefined && { incarnation }),
  };
}

function seriesOf(catalogue: Catalogue, id: number): Series {
  const series = catalogue.series[id];
  if (series === undefined) throw new RangeError(`no series has the number ${id}`);
  return series;
}

/** A transition told again and again, each time within two seconds of the last, ends within this. */
const TELLINGS_MS = 30 * PAIRING_MS;

const STRETCHES = `
  with mark as (
    select s.series_id, s.starts, s.ends,
      coalesce(max(r.moment) filter (r.moment < s.starts and r.stance <> ${VANISHES}), s.starts) - ${TELLINGS_MS} as lead_at,
      coalesce(min(r.moment) filter (r.moment >= s.ends and r.stance <> ${VANISHES}
        and (r.transition is null or r.moment >= s.ends + ${PAIRING_MS})), ${FOREVER}) as tail_at,
      coalesce(max(r.moment) filter (r.moment < s.starts and r.stance = ${STATES}), min(r.moment) filter (r.stance = ${STATES})) as stated_at,
      min(r.moment) filter (r.stance = ${ENDS}) as ended_at
    from stretch s join reading r using (series_id)
    where r.stored_at <= $asOf group by s.series_id, s.starts, s.ends)
  select m.series_id, m.starts, m.ends, r.moment, r.value, r.stance, r.claim_id, r.sequence, r.transition, r.id,
    r.message_id, r.stored_at
  from mark m join reading r using (series_id)
  where r.stored_at <= $asOf and (
    r.moment between m.lead_at and m.tail_at
    or r.moment between m.stated_at - ${TELLINGS_MS} and m.stated_at
    or r.moment between m.ended_at - ${TELLINGS_MS} and m.ended_at
    or (m.ended_at < m.starts and r.stance = ${STATES} and r.moment <= m.ended_at))
  order by m.series_id, m.starts, r.moment, r.stored_at`;
