import type { DuckDBConnection } from "@duckdb/node-api";
import { at, type Period, permits, type Scope } from "@raingauge/domain";
import { inLateOrder } from "../late.ts";
import type { Frozen, LateReadings } from "../store.ts";
import { integer, moment, rowsOf, text } from "./answer.ts";

export async function readFrozen(connection: DuckDBConnection): Promise<Frozen | undefined> {
  const [row] = await rowsOf(connection, { sql: "select horizon, since from frozen" });
  return row === undefined ? undefined : { horizon: moment(row[0]), since: moment(row[1]) };
}

/** What came for hours that were frozen already. */
export async function readLate(connection: DuckDBConnection, period: Period, scope: Scope): Promise<LateReadings[]> {
  const rows = await rowsOf(connection, {
    sql: `
      select s.region, l.project, s.meter, s.resource, count(*), min(l.moment), max(l.moment)
      from late l join series s using (series_id) where l.moment >= $from and l.moment < $to group by all`,
    values: { from: BigInt(period.start), to: BigInt(period.end) },
  });
  const late = rows.map(([region, project, meter, resource, readings, first, last]) => ({
    region: text(region),
    project: text(project),
    meter: text(meter),
    resource: text(resource),
    readings: integer(readings),
    first: at(integer(first)),
    last: at(integer(last)),
  }));
  return inLateOrder(late.filter(({ project }) => permits(scope, project)));
}
