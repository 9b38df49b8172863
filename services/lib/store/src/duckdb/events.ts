import { BIGINT, type DuckDBConnection, type DuckDBType, type DuckDBValue, VARCHAR } from "@duckdb/node-api";
import { type Event, permits, type Scope } from "@raingauge/domain";
import type { EventQuery } from "../store.ts";
import { type Cells, moment, optional, rowsOf, text } from "./answer.ts";

export async function events(
  connection: DuckDBConnection,
  { period, resource }: EventQuery,
  scope: Scope,
): Promise<Event[]> {
  return readEvents(connection, scope, {
    where: "moment >= $from and moment < $to and (resource = $resource or $resource is null)",
    values: { from: BigInt(period.start), to: BigInt(period.end), resource: resource ?? null },
    types: { from: BIGINT, to: BIGINT, resource: VARCHAR },
  });
}

export interface Condition {
  readonly where: string;
  readonly values: Record<string, DuckDBValue>;
  readonly types: Record<string, DuckDBType>;
}

/** By instant and id; what belongs to no project only for those who may see everything. */
export async function readEvents(
  connection: DuckDBConnection,
  scope: Scope,
  { where, values, types }: Condition,
): Promise<Event[]> {
  const rows = await rowsOf(connection, {
    sql: `
      select id, type, region, source, moment, project, resource, resource_type, attributes from event
      where ${where} order by moment, id`,
    values,
    types,
  });
  return rows
    .map(eventOf)
    .filter(({ project }) => (project === undefined ? scope.kind === "all" : permits(scope, project)));
}

function eventOf([id, type, region, source, at, project, resource, resourceType, attributes]: Cells): Event {
  const named = { project: optional(project, text), resource: optional(resource, text) };
  const typed = optional(resourceType, text);
  return {
    id: text(id),
    type: text(type),
    region: text(region),
    source: text(source),
    at: moment(at),
    ...(named.project === undefined ? {} : { project: named.project }),
    ...(named.resource === undefined ? {} : { resource: named.resource }),
    ...(typed === undefined ? {} : { resourceType: typed }),
    attributes: JSON.parse(text(attributes)),
  };
}
