import { BIGINT, type DuckDBConnection, VARCHAR } from "@duckdb/node-api";
import type { Coverage } from "@raingauge/domain";
import { FOREVER } from "../forever.ts";
import type { CoverageQuery } from "../store.ts";
import { rowsOf } from "./answer.ts";
import { coverageOf } from "./coverage-row.ts";

export async function coverages(
  connection: DuckDBConnection,
  { period, region, asOf }: CoverageQuery,
): Promise<Coverage[]> {
  const rows = await rowsOf(connection, {
    sql: `
      select region, source, agent, starts, ends, resource_types, limit_seconds from coverage
      where greatest(starts, $from) < least(ends, $to) and (region = $region or $region is null) and stored_at <= $asOf
      order by starts, stored_at, rowid`,
    values: {
      from: BigInt(period.start),
      to: BigInt(period.end),
      region: region ?? null,
      asOf: BigInt(asOf ?? FOREVER),
    },
    types: { from: BIGINT, to: BIGINT, region: VARCHAR, asOf: BIGINT },
  });
  return rows.map(coverageOf);
}
