import { type Period, permits, type Resource, type Scope } from "@raingauge/domain";
import { resourcesTold, type Telling, toldByEvent, toldByReading } from "../resource.ts";
import type { ResourceKey, ResourceQuery } from "../store.ts";
import type { Catalogue } from "./catalogue.ts";
import { readEvents } from "./events.ts";
import { counted, type Seen } from "./seen.ts";
import { every, oneOf, quoted, whereProject, within } from "./sql.ts";

/** By region and id. A page is cut in SQL from the names of what was told of, and only what is on it is read. */
export async function resources(
  seen: Seen,
  catalogue: Catalogue,
  query: ResourceQuery,
  scope: Scope,
): Promise<Resource[]> {
  const { period, type, limit } = query;
  // Of one type a page is made of the names of all types.
  const lot = limit === undefined ? undefined : limit * (type === undefined ? 1 : TYPES);
  let found: Resource[] = [];
  for (let { after } = query; ; ) {
    const names = await namesDuring(seen, period, scope, { after, limit: lot });
    const told = await described(seen, catalogue, { period, names }, scope);
    found = found.concat(told.filter((resource) => type === undefined || resource.type === type));
    const last = names.at(-1);
    if (last === undefined || lot === undefined || names.length < lot || found.length >= (limit ?? 0))
      return found.slice(0, limit);
    after = last;
  }
}

/** About as many types of resources as a cloud has. */
const TYPES = 8;

interface Page {
  readonly after: ResourceKey | undefined;
  readonly limit: number | undefined;
}

/** The resources that anything told of in a period. Events and readings lie on shards of their own, so they are named. */
function namesDuring(
  { server, lasts }: Seen,
  period: Period,
  scope: Scope,
  { after, limit }: Page,
): Promise<ResourceKey[]> {
  const page = limit === undefined ? "" : `limit ${Math.trunc(limit)}`;
  const permitted =
    scope.kind === "all"
      ? undefined
      : `series in (select series from ${server.table("series_project")} where ${every(whereProject(scope))})`;
  return server.ask(
    `select region, resource from (
        select region, resource from ${server.table("event")}
          where ${every(within("moment", period), "resource <> ''", whereProject(scope), counted(lasts))}
        union distinct select region, resource from ${server.table("series")} where series in
          (select series from ${server.table("reading")} where ${every(within("moment", period), permitted, counted(lasts))}))
      where ${every(after && `(region, resource) > (${quoted(after.region)}, ${quoted(after.resource)})`)}
      order by region, resource ${page}`,
    (row) => ({ region: row.text(), resource: row.text() }),
  );
}

async function described(
  seen: Seen,
  catalogue: Catalogue,
  { period, names }: { readonly period: Period; readonly names: readonly ResourceKey[] },
  scope: Scope,
): Promise<Resource[]> {
  if (names.length === 0) return [];
  const during = oneOf("resource", new Set(names.map(({ resource }) => resource)));
  const told = await readEvents(seen, every(`moment < ${period.end}`, during), scope);
  const read = await firstAndLastReadings(seen, catalogue, { end: period.end, during });
  const tellings = [...told.flatMap(toldByEvent), ...read.filter(({ project }) => permits(scope, project))];
  const named = new Set(names.map(({ region, resource }) => `${region}\n${resource}`));
  return resourcesTold(
    tellings.filter(({ region, resource }) => named.has(`${region}\n${resource}`)),
    period,
  );
}

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
