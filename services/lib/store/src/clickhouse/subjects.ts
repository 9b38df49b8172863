import type { Scope } from "@raingauge/domain";
import { subjectClaimed } from "../incarnation.ts";
import { type Claimed, type Subject, subjectsClaimed } from "../points.ts";
import { SIGHTS, STATES } from "../stance.ts";
import type { SubjectQuery } from "../store.ts";
import type { Catalogue } from "./catalogue.ts";
import { counted, type Seen } from "./seen.ts";
import { selected } from "./selection.ts";
import { every, within } from "./sql.ts";

/**
 * Whatever a reading of the period claimed, and what was in force where it only sighted: what was last stated of the same
 * resource, host and device, be it before a counter began anew. No value is looked at.
 */
export async function subjects(
  { server, lasts }: Seen,
  catalogue: Catalogue,
  { period, meter }: SubjectQuery,
  scope: Scope,
): Promise<Subject[]> {
  const [reading, series] = [server.table("reading"), server.table("series")];
  const mine = every(
    `series in ${selected(server, { meters: meter === undefined ? undefined : [meter], scope, wholeResources: true })}`,
    counted(lasts),
  );
  const sighted = `(select series from ${reading} where ${every(within("moment", period), `stance = ${SIGHTS}`, mine)})`;
  const rows = await server.ask(
    `select distinct series, claim, ${NEVER} from ${reading}
        where ${every(within("moment", period), `stance in (${STATES}, ${SIGHTS})`, mine)}
      union all
      select series, claim, max(moment) from ${reading}
        where stance = ${STATES} and moment < ${period.start} and ${mine} and series in
          (select series from ${series} where (region, meter, resource) in
            (select region, meter, resource from ${series} where series in ${sighted}))
        group by series, claim`,
    (row) => [row.key(), row.key(), row.moment()] as const,
  );
  const seriesOf = await catalogue.seriesOf(new Set(rows.map(([key]) => key)));
  const claimOf = await catalogue.claimsOf(new Set(rows.map(([, claim]) => claim)));
  const claimed = rows.map(
    ([key, claim, statedAt]): Claimed => ({
      subject: subjectClaimed(seriesOf(key), claimOf(claim)),
      statedAt: statedAt === NEVER ? undefined : statedAt,
    }),
  );
  return subjectsClaimed(claimed, scope);
}

/** In the place of an instant, of what is told within the period. */
const NEVER = -1;
