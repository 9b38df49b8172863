import type { DuckDBConnection } from "@duckdb/node-api";
import { hourOf, inOrder, isEnd, isFirm, type Meter, untilFinalEnd } from "@raingauge/domain";
import type { StoredReading } from "../stored-reading.ts";
import { integer, rowsOf } from "./answer.ts";
import type { Arrived } from "./first-of.ts";
import { appendRows, type Row } from "./table.ts";

/** The readings that a series' next one is measured from, as the table `rolled_tail` has them. */
export interface Tail {
  readonly seriesId: number;
  readonly lead: StoredReading | undefined;
  readonly stated: StoredReading | undefined;
}

/** None of a series that has ended, since whatever comes then changes nothing, and of differences, which are measured by themselves. */
export function tailOf(meter: Meter, seriesId: number, readings: readonly StoredReading[]): Tail | undefined {
  if (meter.kind === "delta") return undefined;
  const counted = meter.kind === "cumulative" ? readings.filter((reading) => !isEnd(reading)) : readings;
  const { alive } = untilFinalEnd(inOrder(counted));
  const firm = alive.findLast(isFirm);
  if (firm === undefined || firm.stance === "ends") return undefined;
  const index = alive.findLastIndex((reading) => isFirm(reading) && reading.at < hourOf(firm.at));
  const before = alive.slice(0, index + 1);
  return { seriesId, lead: before.at(-1), stated: before.findLast(({ stance }) => stance === "states") };
}

/** Stages them, looked up among the readings laid out in `picked`; one that could be another's is left out, and its series is read anew. */
export async function noteTails(connection: DuckDBConnection, tails: readonly Tail[]): Promise<void> {
  await connection.run(`create or replace temp table tail (
    series_id integer, lead_at bigint, lead_telling bigint, lead_mark utinyint, stated_at bigint, stated_telling bigint,
    stated_mark utinyint)`);
  await appendRows(connection, "tail", tails.map(tailRow));
  await connection.run(`
    insert into new_rolled_tail
    select t.series_id, t.lead_at, any_value(l.value), any_value(l.claim_id), any_value(s.claim_id), any_value(s.value)
    from tail t
      left join picked l on l.series_id = t.series_id and l.moment = t.lead_at and l.telling_id = t.lead_telling
        and l.mark = t.lead_mark
      left join picked s on s.series_id = t.series_id and s.moment = t.stated_at and s.telling_id = t.stated_telling
        and s.mark = t.stated_mark
    group by t.series_id, t.lead_at having count(*) = 1`);
}

/** A version of ours that knew no tails may have rolled up last: then what was noted before is of readings that are no longer the last. */
export async function forgetOthers(connection: DuckDBConnection, rolledTo: number): Promise<void> {
  const others = await connection.runAndReadAll(`select 1 from rolled_through where telling_id <> ${rolledTo}`);
  if (others.currentRowCount === 0) return;
  await connection.run("delete from rolled_tail");
  await connection.run("delete from rolled_through");
}

/** A series of which nothing was read so far has a higher number than all of which something was. */
export async function noteThrough(
  connection: DuckDBConnection,
  { rolledTo, arrivedTo }: Pick<Arrived, "rolledTo" | "arrivedTo">,
): Promise<void> {
  const [row] = await rowsOf(connection, {
    sql: `select coalesce(max(series_id), -1) from (
      select series_id from rolled_through
      union all
      select series_id from reading where telling_id > case when exists (from rolled_through) then ${rolledTo} else -1 end)`,
  });
  await connection.run("delete from rolled_through");
  await connection.run(`insert into rolled_through values (${integer(row?.[0])}, ${arrivedTo})`);
}

const tailRow = ({ seriesId, lead, stated }: Tail): Row => [seriesId, ...placeOf(lead), ...placeOf(stated)];

const placeOf = (reading: StoredReading | undefined): Row =>
  reading === undefined ? [null, null, null] : [BigInt(reading.at), BigInt(reading.tellingId), reading.mark];
