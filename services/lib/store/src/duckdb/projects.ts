import { BIGINT, type DuckDBConnection } from "@duckdb/node-api";
import { DIALS, narrowed, type Period, permits, type Scope } from "@raingauge/domain";
import { compareText } from "../order.ts";
import { rowsOf, text } from "./answer.ts";
import type { Catalogue } from "./catalogue.ts";
import { totals } from "./totals.ts";

const DIAL_NAMES = DIALS.map(({ name }) => `'${name}'`).join(", ");

/**
 * Usage may be without a reading, where a hold began before; a reading may be without usage, where its meter is unknown. A dial is
 * nobody's. Of most projects there are readings, and only of the others it must be found out whether they used anything.
 */
export async function projects(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  period: Period,
  scope: Scope,
): Promise<string[]> {
  const read = await rowsOf(connection, {
    sql: `
      select distinct project from claim where claim_id in (
        select distinct claim_id from reading where moment >= $from and moment < $to
          and series_id not in (select series_id from series where meter in (${DIAL_NAMES})))`,
    values: { from: BigInt(period.start), to: BigInt(period.end) },
    types: { from: BIGINT, to: BIGINT },
  });
  const names = new Set(read.map(([project]) => text(project)));
  const known = await rowsOf(connection, { sql: "select project from claim union select project from holder" });
  const unread = known.map(([project]) => text(project)).filter((project) => !names.has(project));
  const others = narrowed(scope, unread);
  const used = isNobody(others)
    ? []
    : await totals(connection, catalogue, { period, by: ["project"], isUncounted: true }, others);
  for (const {
    by: [project = ""],
  } of used)
    names.add(project);
  return [...names].filter((project) => permits(scope, project)).toSorted(compareText);
}

const isNobody = (scope: Scope): boolean => scope.kind === "projects" && scope.projects.size === 0;
