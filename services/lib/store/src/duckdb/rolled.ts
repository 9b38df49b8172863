import { BIGINT, type DuckDBConnection, LIST, listValue, VARCHAR } from "@duckdb/node-api";
import { at, type Evidence, type Period, type Scope, type Usage } from "@raingauge/domain";
import { type Cells, integer, moment, optional, rowsOf, whole } from "./answer.ts";
import type { Catalogue } from "./catalogue.ts";
import { type Holder, readHolders } from "./holders.ts";

/** Usage of whole hours, summed from the roll-ups that stand according to the temporary table `standing`. */
export async function rolledUsages(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  hours: Period,
  scope: Scope,
): Promise<Usage[]> {
  if (hours.start >= hours.end) return [];
  const holders = await readHolders(connection);
  const rows = await rowsOf(connection, {
    sql: `
      select u.series_id, u.holder_id, sum(u.quantity), sum(u.readings), sum(u.observed_ms), sum(u.inferred_ms),
        sum(u.after_end), sum(u.counter_dropped), max(u.end_at), max_by(u.end_final, u.end_at)
      from usage_hour u join standing s using (series_id)
      where u.hour >= $from and u.hour < $to
        and (u.hour < least(s.dirty_from, s.stale_from, s.open_from) or coalesce(s.dirty_from, s.stale_from, s.open_from) is null)
        and ($all or u.holder_id in (select holder_id from holder where project in (select unnest($projects))))
      group by u.series_id, u.holder_id`,
    values: {
      from: BigInt(hours.start),
      to: BigInt(hours.end),
      all: scope.kind === "all",
      projects: listValue(scope.kind === "all" ? [] : [...scope.projects]),
    },
    types: { from: BIGINT, to: BIGINT, projects: LIST(VARCHAR) },
  });
  return rows.flatMap((row) => usageOf(catalogue, holders, hours, row));
}

function usageOf(catalogue: Catalogue, holders: ReadonlyMap<number, Holder>, period: Period, row: Cells): Usage[] {
  const [seriesId, holderId, quantity, ...evidence] = row;
  const series = catalogue.series[integer(seriesId)];
  const holder = holders.get(integer(holderId));
  if (series === undefined || holder === undefined)
    throw new RangeError("a roll-up of a series or holder that nobody entered");
  const { region, meter, resource } = series;
  return [{ region, meter, resource, ...holder, period, quantity: whole(quantity), evidence: evidenceOf(evidence) }];
}

/** The same of sums in which an end's instant and its certainty are one number: the latest, and at one instant the certain one. */
export function evidenceOfSums([readings, observedMs, inferredMs, afterEnd, counterDropped, ended]: Cells): Evidence {
  const end = optional(ended, integer);
  return {
    readings: integer(readings),
    observedMs: integer(observedMs),
    inferredMs: integer(inferredMs),
    afterEnd: integer(afterEnd),
    counterDropped: integer(counterDropped),
    ...(end === undefined ? {} : { end: { at: at(Math.floor(end / 2)), kind: end % 2 === 1 ? "final" : "inferred" } }),
  };
}

function evidenceOf([readings, observedMs, inferredMs, afterEnd, counterDropped, endAt, final]: Cells): Evidence {
  const end = optional(endAt, moment);
  return {
    readings: integer(readings),
    observedMs: integer(observedMs),
    inferredMs: integer(inferredMs),
    afterEnd: integer(afterEnd),
    counterDropped: integer(counterDropped),
    ...(end === undefined ? {} : { end: { at: end, kind: final === true ? "final" : "inferred" } }),
  };
}
