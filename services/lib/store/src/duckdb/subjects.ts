import { BIGINT, type DuckDBConnection, VARCHAR } from "@duckdb/node-api";
import { permits, type Scope } from "@raingauge/domain";
import { type Subject, subjectOf } from "../points.ts";
import { SIGHTS, STATES } from "../stance.ts";
import type { SubjectQuery } from "../store.ts";
import { integer, rowsOf } from "./answer.ts";
import type { Catalogue } from "./catalogue.ts";
import { incarnationOf } from "./stored.ts";

/** Whatever a reading of the period claimed, and what was in force where it only sighted. No value is looked at. */
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
          ${meter === undefined ? "" : "and series_id in (select series_id from series where meter = $meter)"})
      select series_id, claim_id from told union
      select series_id, arg_max(claim_id, moment) from reading
        where stance = ${STATES} and moment < $start and series_id in (select series_id from told where stance = ${SIGHTS})
        group by series_id`,
    values: { start: BigInt(period.start), end: BigInt(period.end), ...(meter === undefined ? {} : { meter }) },
    types: { start: BIGINT, end: BIGINT, ...(meter === undefined ? {} : { meter: VARCHAR }) },
  });
  const found = new Map<string, Subject>();
  for (const [id, claim] of rows) {
    const series = catalogue.series[integer(id)];
    const holder = catalogue.claims[integer(claim)];
    if (series === undefined || holder === undefined || !permits(scope, holder.project)) continue;
    const incarnation = incarnationOf(series, holder);
    const subject = subjectOf({ ...series, ...(incarnation && { incarnation }) }, holder);
    found.set(JSON.stringify(subject), subject);
  }
  return [...found.values()];
}
