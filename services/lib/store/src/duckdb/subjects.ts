import { BIGINT, type DuckDBConnection, VARCHAR } from "@duckdb/node-api";
import type { Scope } from "@raingauge/domain";
import { subjectClaimed } from "../incarnation.ts";
import { type Claimed, type Subject, subjectsClaimed } from "../points.ts";
import { SIGHTS, STATES } from "../stance.ts";
import type { SubjectQuery } from "../store.ts";
import { integer, moment, optional, rowsOf } from "./answer.ts";
import type { Catalogue } from "./catalogue.ts";

/**
 * Whatever a reading of the period claimed, and what was in force where it only sighted: what was last stated of the same
 * resource, host and device, be it before a counter began anew. No value is looked at.
 */
export async function subjects(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  { period, meter }: SubjectQuery,
  scope: Scope,
): Promise<Subject[]> {
  const rows = await rowsOf(connection, {
    sql: `
      with told as (
        select distinct series_id, claim_id, stance from reading
        where moment >= $start and moment < $end and stance in (${STATES}, ${SIGHTS})
          ${meter === undefined ? "" : "and series_id in (select series_id from series where meter = $meter)"}),
      sighted as (
        select s.series_id from series s where (s.region, s.meter, s.resource) in
          (select (e.region, e.meter, e.resource) from series e join told using (series_id) where told.stance = ${SIGHTS}))
      select distinct series_id, claim_id, null from told union all
      select series_id, claim_id, max(moment) from reading
        where stance = ${STATES} and moment < $start and series_id in (select series_id from sighted)
        group by series_id, claim_id`,
    values: { start: BigInt(period.start), end: BigInt(period.end), ...(meter === undefined ? {} : { meter }) },
    types: { start: BIGINT, end: BIGINT, ...(meter === undefined ? {} : { meter: VARCHAR }) },
  });
  const claimed = rows.map(([id, claim, statedAt]): Claimed => {
    const [series, holder] = [catalogue.series[integer(id)], catalogue.claims[integer(claim)]];
    if (series === undefined || holder === undefined)
      throw new RangeError(`no series has the number ${String(id)}, or no claim the number ${String(claim)}`);
    return { subject: subjectClaimed(series, holder), statedAt: optional(statedAt, moment) };
  });
  return subjectsClaimed(claimed, scope);
}
