import { BIGINT, type DuckDBConnection, LIST, listValue, VARCHAR } from "@duckdb/node-api";
import { permits, type Resource, type Scope } from "@raingauge/domain";
import { resourcesTold, type Telling, toldByEvent, toldByReading } from "../resource.ts";
import type { ResourceKey, ResourceQuery } from "../store.ts";
import { integer, moment, rowsOf, text } from "./answer.ts";
import type { Catalogue } from "./catalogue.ts";
import { readEvents } from "./events.ts";

/** Lot by lot, until there are as many as were asked for: of a large cloud's resources a page looks at few. */
export async function resources(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  { period, type, after, limit = Number.POSITIVE_INFINITY }: ResourceQuery,
  scope: Scope,
): Promise<Resource[]> {
  let found: Resource[] = [];
  let last = after;
  let lot = limit;
  while (found.length < limit) {
    const next = await markSeen(
      connection,
      { period, limit: lot, ...(last === undefined ? {} : { after: last }) },
      scope,
    );
    if (next === undefined) break;
    const told = (await toldOf(connection, catalogue, period.end, scope)).filter((telling) =>
      permits(scope, telling.project),
    );
    found = found.concat(
      resourcesTold(told, period).filter((resource) => type === undefined || resource.type === type),
    );
    last = next;
    lot *= LOT_GROWTH;
  }
  return found.slice(0, limit);
}

/** Where most of a lot is of another type, the next one is larger. */
const LOT_GROWTH = 4;

/**
 * Makes the temporary table `seen`: the resources that anything told the caller of in a period, so many of them after one. The
 * last of them; undefined where there are no more.
 */
async function markSeen(
  connection: DuckDBConnection,
  { period, after, limit }: ResourceQuery,
  scope: Scope,
): Promise<ResourceKey | undefined> {
  const isAll = scope.kind === "all";
  const page = limit === undefined || limit === Number.POSITIVE_INFINITY ? "" : `limit ${Math.trunc(limit)}`;
  await connection.run(
    `create or replace temp table seen as
      select region, resource from (
        select region, resource from event where moment >= $from and moment < $to and resource is not null
          ${isAll ? "" : "and project in (select unnest($projects))"}
        union
        select s.region, s.resource from series s
          where ${isAll ? "" : "series_id in (select series_id from series_project where project in (select unnest($projects))) and"}
          series_id in (select series_id from reading where moment >= $from and moment < $to))
      where $region is null or (region, resource) > ($region, $resource)
      order by region, resource ${page}`,
    {
      from: BigInt(period.start),
      to: BigInt(period.end),
      region: after?.region ?? null,
      resource: after?.resource ?? "",
      ...(isAll ? {} : { projects: listValue([...scope.projects]) }),
    },
    { from: BIGINT, to: BIGINT, region: VARCHAR, ...(isAll ? {} : { projects: LIST(VARCHAR) }) },
  );
  const [last] = await rowsOf(connection, {
    sql: "select region, resource from seen order by region desc, resource desc limit 1",
  });
  return last === undefined ? undefined : { region: text(last[0]), resource: text(last[1]) };
}

async function toldOf(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  end: ResourceQuery["period"]["end"],
  scope: Scope,
): Promise<Telling[]> {
  const told = await readEvents(connection, scope, {
    where: "moment < $to and (region, resource) in (select (region, resource) from seen)",
    values: { to: BigInt(end) },
    types: { to: BIGINT },
  });
  return [...told.flatMap(toldByEvent), ...(await firstAndLastReadings(connection, catalogue, BigInt(end)))];
}

/** Between its first and its last a reading tells nothing of a resource that those do not. */
async function firstAndLastReadings(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  to: bigint,
): Promise<Telling[]> {
  const rows = await rowsOf(connection, {
    sql: `
      select r.series_id, c.project, min(r.moment), max(r.moment)
      from reading r join claim c using (claim_id) join series s using (series_id)
      where r.moment < $to and (s.region, s.resource) in (select (region, resource) from seen)
      group by r.series_id, c.project`,
    values: { to },
    types: { to: BIGINT },
  });
  return rows.flatMap(([id, project, first, last]) => {
    const series = catalogue.series[integer(id)];
    if (series === undefined) return [];
    const { region, resource, meter } = series;
    return [first, last].map((at) =>
      toldByReading({ region, resource, meter, project: text(project), at: moment(at) }),
    );
  });
}
