import { BIGINT, type DuckDBConnection } from "@duckdb/node-api";
import { type Period, permits, type Scope } from "@raingauge/domain";
import { compareText } from "../order.ts";
import { rowsOf, text } from "./answer.ts";
import type { Catalogue } from "./catalogue.ts";
import { usages } from "./measure.ts";

/** Usage may be without a reading, where a hold began before; a reading may be without usage, where its meter is unknown. */
export async function projects(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  period: Period,
  scope: Scope,
): Promise<string[]> {
  const used = await usages(connection, catalogue, { period }, scope);
  const read = await rowsOf(connection, {
    sql: `
      select project from claim where claim_id in (
        select distinct claim_id from reading where moment >= $from and moment < $to)`,
    values: { from: BigInt(period.start), to: BigInt(period.end) },
    types: { from: BIGINT, to: BIGINT },
  });
  const names = new Set([...used.map(({ project }) => project), ...read.map(([project]) => text(project))]);
  return [...names].filter((project) => permits(scope, project)).toSorted(compareText);
}
