import type { DuckDBConnection } from "@duckdb/node-api";
import type { Origin } from "@raingauge/domain";
import { integer, moment, optional, rowsOf, text } from "./answer.ts";
import { type Catalogue, type Claim, catalogue, NEVER, type Series } from "./catalogue.ts";

/** The catalogue as the file has it. */
export async function remember(connection: DuckDBConnection): Promise<Catalogue> {
  const [latest] = await rowsOf(connection, {
    sql: `select (select greatest(max(stored_at), (select max(since) from frozen), 0) from position), (select coalesce(max(telling_id), 0) from telling)`,
  });
  return catalogue({
    series: await readSeries(connection),
    claims: await readClaims(connection),
    storedAt: moment(latest?.[0]),
    lastTelling: integer(latest?.[1]),
  });
}

/**
 * What was rolled up knows its last instant; looked through is what came since, and what is never rolled up because no
 * catalogue has its meter.
 */
async function readSeries(connection: DuckDBConnection): Promise<Series[]> {
  const rows = await rowsOf(connection, {
    sql: `
      with recent as (
        select series_id, max(moment) as last_at from reading
        where telling_id > coalesce((select max(telling_id) from rolled), 0)
          or series_id not in (select series_id from rolled_series) group by series_id)
      select s.series_id, s.region, s.meter, s.resource, s.life, greatest(r.last_at, n.last_at)
      from series s left join rolled_series r using (series_id) left join recent n using (series_id)`,
  });
  const projects = Map.groupBy(
    await rowsOf(connection, { sql: "select series_id, project from series_project" }),
    ([id]) => integer(id),
  );
  return rows.map(([id, region, meter, resource, life, lastAt]) => ({
    id: integer(id),
    region: text(region),
    meter: text(meter),
    resource: text(resource),
    life: text(life),
    lastAt: optional(lastAt, moment) ?? NEVER,
    project: "",
    projects: new Set(projects.get(integer(id))?.map(([, project]) => text(project))),
  }));
}

async function readClaims(connection: DuckDBConnection): Promise<Map<number, Claim>> {
  const rows = await rowsOf(connection, {
    sql: "select claim_id, project, origin, source, dimensions, witnessed, incarnation from claim",
  });
  return new Map(
    rows.map(([id, project, origin, source, dimensions, witnessed, incarnation]) => {
      const said = optional(incarnation, text);
      const claim: Claim = {
        project: text(project),
        origin: text(origin) as Origin, // Written from a Sample, and by nobody else.
        source: text(source),
        dimensions: JSON.parse(text(dimensions)),
        ...(typeof witnessed === "boolean" ? { witnessed } : {}),
        ...(said === undefined ? {} : { incarnation: JSON.parse(said) }),
      };
      return [integer(id), claim];
    }),
  );
}
