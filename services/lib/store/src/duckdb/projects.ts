import { BIGINT, type DuckDBConnection } from "@duckdb/node-api";
import { DIALS, type Period, permits, type Scope } from "@raingauge/domain";
import { compareText } from "../order.ts";
import { rowsOf, text } from "./answer.ts";
import type { Catalogue } from "./catalogue.ts";
import { totals } from "./totals.ts";

const DIAL_NAMES = DIALS.map(({ name }) => `'${name}'`).join(", ");

/** Usage may be without a reading, where a hold began before; a reading may be without usage, where its meter is unknown. A dial is nobody's. */
export async function projects(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  period: Period,
  scope: Scope,
): Promise<string[]> {
  const used = await totals(connection, catalogue, { period, by: ["project"] }, scope);
  const read = await rowsOf(connection, {
    sql: `
      select project from claim where claim_id in (
        select distinct claim_id from reading where moment >= $from and moment < $to
          and series_id not in (select series_id from series where meter in (${DIAL_NAMES})))`,
    values: { from: BigInt(period.start), to: BigInt(period.end) },
    types: { from: BIGINT, to: BIGINT },
  });
  const names = new Set([...used.map(({ by: [project = ""] }) => project), ...read.map(([project]) => text(project))]);
  return [...names].filter((project) => permits(scope, project)).toSorted(compareText);
}
