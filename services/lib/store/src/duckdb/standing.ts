import { type DuckDBConnection, type DuckDBType, type DuckDBValue, LIST, listValue, VARCHAR } from "@duckdb/node-api";
import type { Scope } from "@raingauge/domain";
import type { Stale } from "../sources.ts";
import { STATES } from "../stance.ts";
import type { ResourceKey } from "../store.ts";
import { hourOf } from "./hour.ts";

export interface Selection {
  readonly meters: readonly string[];
  readonly region?: string | undefined;
  readonly resource?: string | undefined;
  /** The first and the last resource of a page. */
  readonly from?: ResourceKey | undefined;
  readonly to?: ResourceKey | undefined;
  /** Series that no permitted project was ever named in are left out. */
  readonly scope: Scope;
  /** Not those, whose resource has another series that names one: what is said there bears on how a line is drawn. */
  readonly wholeResources?: boolean;
}

/**
 * Makes the temporary table `standing`: of each selected series, from which hour on its roll-ups cannot be used.
 * - `dirty_from`: something arrived since; in the usual order of things from the last reading's hour on.
 * - `stale_from`: the sources that confirm it are others than they were.
 * - `open_from`: its last hold ends when the listener's coverage does, which may still grow.
 * `since` and `until` bound the time in which its roll-ups say anything. What is frozen stands always.
 */
export async function standing(
  connection: DuckDBConnection,
  selection: Selection,
  stale: readonly Stale[],
): Promise<void> {
  await connection.run("create or replace temp table stale (region varchar, meter varchar, since bigint)");
  for (const { region, meter, since } of stale) {
    await connection.run("insert into stale values ($1, $2, $3)", [region, meter, BigInt(since)]);
  }
  const { where, values, types } = selected(selection);
  await connection.run(
    `create or replace temp table standing as
      with arrived as (
        select series_id, min(moment) as first, bool_or(stance = ${STATES}) as states from reading
        where telling_id > coalesce((select max(telling_id) from rolled), 0) group by series_id),
      found as (select s.series_id, r.since, r.until,
        case when a.first is null then null
          when r.firm_at is null or a.first <= r.last_at or (a.states and not r.stated) then 0
          else ${hourOf("r.firm_at")} end as dirty_from,
        case when t.since < r.until then ${hourOf("t.since")} end as stale_from,
        case when r.open then ${hourOf("r.firm_at")} end as open_from
      from series s
        left join arrived a using (series_id)
        left join rolled_series r using (series_id)
        left join stale t on t.region = s.region and t.meter = s.meter
      where ${where})
      select series_id, since, until, ${["dirty_from", "stale_from", "open_from"].map(unfrozen).join(", ")} from found`,
    values,
    types,
  );
}

/** The same for a question about the past, which roll-ups cannot answer: they hold what came later too. */
export async function standingOnReadings(connection: DuckDBConnection, selection: Selection): Promise<void> {
  const { where, values, types } = selected(selection);
  await connection.run(
    `create or replace temp table standing as
      select s.series_id, null::bigint as since, null::bigint as until,
        ${HORIZON} as dirty_from, null::bigint as stale_from, null::bigint as open_from
      from series s where ${where}`,
    values,
    types,
  );
}

const HORIZON = "(select coalesce(max(horizon), 0) from frozen)";

const unfrozen = (column: string): string =>
  `case when ${column} is not null then greatest(${column}, ${HORIZON}) end as ${column}`;

interface Condition {
  readonly where: string;
  readonly values: Record<string, DuckDBValue>;
  readonly types: Record<string, DuckDBType>;
}

export function selected({ meters, region, resource, from, to, scope, wholeResources }: Selection): Condition {
  const permitted = "select series_id from series_project where project in (select unnest($projects))";
  const conditions = [
    "s.meter in (select unnest($meters))",
    ...(region === undefined ? [] : ["s.region = $region"]),
    ...(resource === undefined ? [] : ["s.resource = $resource"]),
    ...(from === undefined
      ? []
      : ["(s.region > $fromRegion or (s.region = $fromRegion and s.resource >= $fromResource))"]),
    ...(to === undefined ? [] : ["(s.region < $toRegion or (s.region = $toRegion and s.resource <= $toResource))"]),
    ...(scope.kind === "all"
      ? []
      : wholeResources === true
        ? [`(s.region, s.resource) in (select (region, resource) from series where series_id in (${permitted}))`]
        : [`s.series_id in (${permitted})`]),
  ];
  return {
    where: conditions.join(" and "),
    values: {
      meters: listValue([...meters]),
      ...(region === undefined ? {} : { region }),
      ...(resource === undefined ? {} : { resource }),
      ...(from === undefined ? {} : { fromRegion: from.region, fromResource: from.resource }),
      ...(to === undefined ? {} : { toRegion: to.region, toResource: to.resource }),
      ...(scope.kind === "all" ? {} : { projects: listValue([...scope.projects]) }),
    },
    types: {
      meters: LIST(VARCHAR),
      ...(region === undefined ? {} : { region: VARCHAR }),
      ...(resource === undefined ? {} : { resource: VARCHAR }),
      ...(scope.kind === "all" ? {} : { projects: LIST(VARCHAR) }),
    },
  };
}
