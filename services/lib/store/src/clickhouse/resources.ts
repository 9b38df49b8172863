import { type Period, permits, type Resource, type Scope } from "@raingauge/domain";
import { resourcesTold, type Telling, toldByEvent, toldByReading } from "../resource.ts";
import type { ResourceQuery } from "../store.ts";
import type { Catalogue } from "./catalogue.ts";
import { readEvents } from "./events.ts";
import { counted, type Seen } from "./seen.ts";
import { every, oneOf, within } from "./sql.ts";

export async function resources(
  seen: Seen,
  catalogue: Catalogue,
  { period, type }: ResourceQuery,
  scope: Scope,
): Promise<Resource[]> {
  const during = oneOf("resource", await resourcesDuring(seen, period));
  const told = await readEvents(seen, every(`moment < ${period.end}`, during), scope);
  const read = await firstAndLastReadings(seen, catalogue, { end: period.end, during });
  const tellings = [...told.flatMap(toldByEvent), ...read.filter(({ project }) => permits(scope, project))];
  return resourcesTold(tellings, period).filter((resource) => type === undefined || resource.type === type);
}

/** The resources that anything told of in a period. Events and readings lie on shards of their own, so they are named. */
const resourcesDuring = ({ server, lasts }: Seen, period: Period): Promise<string[]> =>
  server.ask(
    `select resource from ${server.table("event")}
        where ${every(within("moment", period), "resource <> ''", counted(lasts))}
      union distinct select resource from ${server.table("series")} where series in
        (select series from ${server.table("reading")} where ${every(within("moment", period), counted(lasts))})`,
    (row) => row.text(),
  );

/** Between its first and its last a reading tells nothing of a resource that those do not. */
async function firstAndLastReadings(
  { server, lasts }: Seen,
  catalogue: Catalogue,
  { end, during }: { readonly end: number; readonly during: string },
): Promise<Telling[]> {
  const mine = `series in (select series from ${server.table("series")} where ${during})`;
  const rows = await server.ask(
    `select series, claim, min(moment), max(moment) from ${server.table("reading")}
      where ${every(`moment < ${end}`, mine, counted(lasts))} group by series, claim`,
    (row) => ({ series: row.key(), claim: row.key(), first: row.moment(), last: row.moment() }),
  );
  const seriesOf = await catalogue.seriesOf(new Set(rows.map(({ series }) => series)));
  const claimOf = await catalogue.claimsOf(new Set(rows.map(({ claim }) => claim)));
  return rows.flatMap(({ series, claim, first, last }) => {
    const { region, resource, meter } = seriesOf(series);
    const { project } = claimOf(claim);
    return [first, last].map((at) => toldByReading({ region, resource, meter, project, at }));
  });
}
