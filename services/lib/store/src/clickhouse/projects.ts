import { DIALS, type Period, permits, type Scope } from "@raingauge/domain";
import { compareText } from "../order.ts";
import type { Catalogue } from "./catalogue.ts";
import { usages } from "./measure.ts";
import { counted, look } from "./seen.ts";
import type { ClickhouseServer } from "./server.ts";
import { every, oneOf, within } from "./sql.ts";

/** Usage may be without a reading, where a hold began before; a reading may be without usage, where its meter is unknown. A dial is nobody's. */
export async function projects(
  server: ClickhouseServer,
  catalogue: Catalogue,
  period: Period,
  scope: Scope,
): Promise<string[]> {
  const used = await usages(server, catalogue, { period }, scope);
  const { lasts } = await look(server);
  const dials = oneOf(
    "meter",
    DIALS.map(({ name }) => name),
  );
  const things = `series not in (select series from ${server.table("series")} where ${dials})`;
  const claims = await server.ask(
    `select distinct claim from ${server.table("reading")} where ${every(within("moment", period), things, counted(lasts))}`,
    (row) => row.key(),
  );
  const claimOf = await catalogue.claimsOf(claims);
  const names = new Set([...used, ...claims.map(claimOf)].map(({ project }) => project));
  return [...names].filter((project) => permits(scope, project)).toSorted(compareText);
}
