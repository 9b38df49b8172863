import {
  BIGINT,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  VARCHAR,
} from "@duckdb/node-api";
import { type Event, permits, type Scope } from "@raingauge/domain";
import type { EventQuery } from "../store.ts";
import { rowsOf } from "./answer.ts";
import { eventOf } from "./event-row.ts";

export async function events(
  connection: DuckDBConnection,
  { period, resource, after, limit }: EventQuery,
  scope: Scope,
): Promise<Event[]> {
  return readEvents(connection, scope, {
    where: `moment >= $from and moment < $to and (resource = $resource or $resource is null)
      and ($after is null or (moment, id) > ($after, $id)) ${confined(scope)}`,
    values: {
      from: BigInt(period.start),
      to: BigInt(period.end),
      resource: resource ?? null,
      after: after === undefined ? null : BigInt(after.at),
      id: after?.id ?? "",
      ...(scope.kind === "all" ? {} : { projects: listValue([...scope.projects]) }),
    },
    types: {
      from: BIGINT,
      to: BIGINT,
      resource: VARCHAR,
      after: BIGINT,
      ...(scope.kind === "all" ? {} : { projects: LIST(VARCHAR) }),
    },
    limit,
  });
}

/** Before a page is cut, or it would be cut from what is another's. */
const confined = ({ kind }: Scope): string => (kind === "all" ? "" : "and project in (select unnest($projects))");

export interface Condition {
  readonly where: string;
  readonly values: Record<string, DuckDBValue>;
  readonly types: Record<string, DuckDBType>;
  readonly limit?: number | undefined;
}

/** By instant and id; what belongs to no project only for those who may see everything. */
export async function readEvents(
  connection: DuckDBConnection,
  scope: Scope,
  { where, values, types, limit }: Condition,
): Promise<Event[]> {
  const rows = await rowsOf(connection, {
    sql: `
      select id, type, region, source, moment, project, resource, resource_type, attributes from event
      where ${where} order by moment, id ${limit === undefined ? "" : `limit ${Math.trunc(limit)}`}`,
    values,
    types,
  });
  return rows
    .map(eventOf)
    .filter(({ project }) => (project === undefined ? scope.kind === "all" : permits(scope, project)));
}
