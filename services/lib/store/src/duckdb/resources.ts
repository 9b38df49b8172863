import { BIGINT, type DuckDBConnection } from "@duckdb/node-api";
import { permits, type Resource, type Scope } from "@raingauge/domain";
import { resourcesTold, type Telling, toldByEvent, toldByReading } from "../resource.ts";
import type { ResourceQuery } from "../store.ts";
import { integer, moment, rowsOf, text } from "./answer.ts";
import type { Catalogue } from "./catalogue.ts";
import { readEvents } from "./events.ts";

export async function resources(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  { period, type }: ResourceQuery,
  scope: Scope,
): Promise<Resource[]> {
  await markSeen(connection, BigInt(period.start), BigInt(period.end));
  const told = await readEvents(connection, scope, {
    where: "moment < $to and resource in (select resource from seen)",
    values: { to: BigInt(period.end) },
    types: { to: BIGINT },
  });
  const read = await firstAndLastReadings(connection, catalogue, BigInt(period.end));
  const tellings = [...told.flatMap(toldByEvent), ...read.filter(({ project }) => permits(scope, project))];
  return resourcesTold(tellings, period).filter((resource) => type === undefined || resource.type === type);
}

/** Makes the temporary table `seen`: the resources that anything told of in a period. */
async function markSeen(connection: DuckDBConnection, from: bigint, to: bigint): Promise<void> {
  await connection.run(
    `create or replace temp table seen as
      select distinct resource from event where moment >= $1 and moment < $2 and resource is not null
      union
      select distinct s.resource from reading r join series s using (series_id) where r.moment >= $1 and r.moment < $2`,
    [from, to],
  );
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
      where r.moment < $to and s.resource in (select resource from seen)
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
