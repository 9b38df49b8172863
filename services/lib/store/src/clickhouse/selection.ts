import type { Scope } from "@raingauge/domain";
import type { ResourceKey } from "../store.ts";
import type { Key } from "./key.ts";
import type { ClickhouseServer } from "./server.ts";
import { every, oneOf, quoted, whereProject } from "./sql.ts";

export interface Selection {
  /** All meters, those that no catalogue knows too, when absent. */
  readonly meters?: readonly string[] | undefined;
  readonly region?: string | undefined;
  readonly resource?: string | undefined;
  /** The first resource and the last one, in the order of answers. */
  readonly from?: ResourceKey | undefined;
  readonly to?: ResourceKey | undefined;
  /** Series that no permitted project was ever named in are left out. */
  readonly scope: Scope;
  /** Not those, whose resource has another series that names one: what is said there bears on how a line is drawn. */
  readonly wholeResources?: boolean;
}

/** The keys of the series selected, as a subquery. */
export function selected(
  server: ClickhouseServer,
  { meters, region, resource, from, to, scope, wholeResources }: Selection,
): string {
  const series = server.table("series");
  const permitted = `select series from ${server.table("series_project")} where ${every(whereProject(scope))}`;
  const where = every(
    meters === undefined ? undefined : oneOf("meter", meters),
    region === undefined ? undefined : `region = ${quoted(region)}`,
    resource === undefined ? undefined : `resource = ${quoted(resource)}`,
    from && `(region, resource) >= (${quoted(from.region)}, ${quoted(from.resource)})`,
    to && `(region, resource) <= (${quoted(to.region)}, ${quoted(to.resource)})`,
    scope.kind === "all"
      ? undefined
      : wholeResources === true
        ? `(region, resource) in (select region, resource from ${series} where series in (${permitted}))`
        : `series in (${permitted})`,
  );
  return `(select series from ${series} where ${where})`;
}

export const seriesSelected = async (server: ClickhouseServer, selection: Selection): Promise<Key[]> => [
  ...new Set(await server.ask(`select series from ${selected(server, selection)}`, (row) => row.key())),
];
