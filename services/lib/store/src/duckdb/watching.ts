import { BIGINT, type DuckDBConnection } from "@duckdb/node-api";
import type { Coverage, Instant } from "@raingauge/domain";
import { FOREVER } from "../forever.ts";
import { type Watching, watchingOver } from "../sources.ts";
import { integer, moment, rowsOf, text } from "./answer.ts";

/** What was known of the sources of every region, up to an instant of storing. */
export async function watching(connection: DuckDBConnection, asOf: Instant | undefined): Promise<Watching> {
  return watchingOver([...(await confirming(connection, asOf)), ...(await listening(connection, asOf))]);
}

/** Of a confirming source only its beginning and its limit matter. */
async function confirming(connection: DuckDBConnection, asOf: Instant | undefined): Promise<Coverage[]> {
  const rows = await rowsOf(connection, {
    sql: `
      select region, source, resource_types, limit_seconds, min(starts) from coverage
      where resource_types is not null and stored_at <= $asOf group by all`,
    ...upTo(asOf),
  });
  return rows.map(([region, source, resourceTypes, limitSeconds, start]) => ({
    region: text(region),
    source: text(source),
    agent: "",
    period: { start: moment(start), end: moment(start) },
    confirms: { resourceTypes: JSON.parse(text(resourceTypes)), limitSeconds: integer(limitSeconds) },
  }));
}

/** A listener speaks every minute; a month of that is one stretch, or a few. */
async function listening(connection: DuckDBConnection, asOf: Instant | undefined): Promise<Coverage[]> {
  const rows = await rowsOf(connection, {
    sql: `
      with said as (select region, starts, ends from coverage where resource_types is null and stored_at <= $asOf),
      gaps as (
        select *, starts > max(ends) over (
          partition by region order by starts, ends rows between unbounded preceding and 1 preceding) as gap from said),
      numbered as (
        select *, count(*) filter (gap) over (partition by region order by starts, ends rows unbounded preceding) as stretch
        from gaps)
      select region, min(starts), max(ends) from numbered group by region, stretch`,
    ...upTo(asOf),
  });
  return rows.map(([region, start, end]) => ({
    region: text(region),
    source: "listener",
    agent: "",
    period: { start: moment(start), end: moment(end) },
  }));
}

const upTo = (asOf: Instant | undefined): { values: { asOf: bigint }; types: { asOf: typeof BIGINT } } => ({
  values: { asOf: BigInt(asOf ?? FOREVER) },
  types: { asOf: BIGINT },
});
