import { permits, type Scope } from "@raingauge/domain";
import { type Subject, subjectOf } from "../points.ts";
import { SIGHTS, STATES } from "../stance.ts";
import type { SubjectQuery } from "../store.ts";
import type { Catalogue } from "./catalogue.ts";
import { counted, type Seen } from "./seen.ts";
import { selected } from "./selection.ts";
import { every, within } from "./sql.ts";
import { incarnationOf } from "./stored.ts";

/** Whatever a reading of the period claimed, and what was in force where it only sighted. No value is looked at. */
export async function subjects(
  { server, lasts }: Seen,
  catalogue: Catalogue,
  { period, meter }: SubjectQuery,
  scope: Scope,
): Promise<Subject[]> {
  const reading = server.table("reading");
  const mine = every(
    `series in ${selected(server, { meters: meter === undefined ? undefined : [meter], scope })}`,
    counted(lasts),
  );
  const sighted = every(within("moment", period), `stance = ${SIGHTS}`, mine);
  const rows = await server.ask(
    `select distinct series, claim from ${reading}
        where ${every(within("moment", period), `stance in (${STATES}, ${SIGHTS})`, mine)}
      union distinct
      select series, argMax(claim, moment) from ${reading}
        where stance = ${STATES} and moment < ${period.start} and series in (select series from ${reading} where ${sighted})
          and ${mine}
        group by series`,
    (row) => [row.key(), row.key()] as const,
  );
  const seriesOf = await catalogue.seriesOf(new Set(rows.map(([series]) => series)));
  const claimOf = await catalogue.claimsOf(new Set(rows.map(([, claim]) => claim)));
  const found = new Map<string, Subject>();
  for (const [key, claim] of rows) {
    const [series, holder] = [seriesOf(key), claimOf(claim)];
    if (!permits(scope, holder.project)) continue;
    const incarnation = incarnationOf(series, holder);
    const subject = subjectOf({ ...series, ...(incarnation && { incarnation }) }, holder);
    found.set(JSON.stringify(subject), subject);
  }
  return [...found.values()];
}
