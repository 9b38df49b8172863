import type { DuckDBConnection } from "@duckdb/node-api";
import { at, type Instant, instant, iso } from "@raingauge/domain";
import { integer, moment, rowsOf } from "./answer.ts";

/** What comes later than this after a month's end is seldom, and stays where it was put. */
const SETTLED_MS = 3 * 24 * 60 * 60 * 1_000;

/** The end of the last UTC month that is over and settled, where it was not written anew yet. */
export async function dueMonthEnd(connection: DuckDBConnection, now: Instant): Promise<Instant | undefined> {
  const end = instant(`${iso(at(now - SETTLED_MS)).slice(0, 7)}-01T00:00:00Z`);
  const done = await compactedUntil(connection);
  return done !== undefined && done >= end ? undefined : end;
}

async function compactedUntil(connection: DuckDBConnection): Promise<Instant | undefined> {
  const [row] = await rowsOf(connection, { sql: "select until from compacted" });
  return row === undefined ? undefined : moment(row[0]);
}

/**
 * How many readings are written anew in one transaction. Each looks through all that came as it came, so that they must not be many;
 * what of this many does not fit into memory DuckDB sorts on the disk.
 */
const PART_READINGS = 30_000_000;

/** Series, from one number to another, that lie between the last month written anew and this one. */
export interface Part {
  readonly first: number;
  readonly last: number;
}

export async function compactionParts(connection: DuckDBConnection, until: Instant): Promise<Part[]> {
  const since = (await compactedUntil(connection)) ?? at(0);
  const rows = await rowsOf(connection, {
    sql: `
      with counted as (
        select series_id, count(*) as readings from reading where moment >= $since and moment < $until group by series_id),
      placed as (
        select series_id, sum(readings) over (order by series_id) as before from counted)
      select min(series_id), max(series_id) from placed
      group by floor((before - 1) / ${PART_READINGS}) order by 1`,
    values: { since: BigInt(since), until: BigInt(until) },
  });
  return rows.map(([first, last]) => ({ first: integer(first), last: integer(last) }));
}

/**
 * Writes a part of the past anew, series by series: DuckDB packs rows in groups of 2,048, and neighbours of one series differ
 * in their instant by an interval and in their value by little. In the order of arrival they are of different meters.
 */
export async function compactPart(connection: DuckDBConnection, { first, last }: Part, until: Instant): Promise<void> {
  const since = (await compactedUntil(connection)) ?? at(0);
  const mine = "series_id between $first and $last and moment >= $since and moment < $until";
  const values = { first, last, since: BigInt(since), until: BigInt(until) };
  await connection.run(`create or replace temp table compacting as select * from reading where ${mine}`, values);
  await connection.run(`delete from reading where ${mine}`, values);
  await connection.run("insert into reading from compacting order by series_id, moment, telling_id");
  await connection.run("drop table compacting");
}

export async function noteCompacted(connection: DuckDBConnection, until: Instant): Promise<void> {
  await connection.run("delete from compacted");
  await connection.run("insert into compacted values ($1)", [BigInt(until)]);
}
