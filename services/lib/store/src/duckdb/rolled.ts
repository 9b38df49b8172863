import { type DuckDBConnection, LIST, listValue, VARCHAR } from "@duckdb/node-api";
import { at, type Evidence, type Period, type Scope, type Usage } from "@raingauge/domain";
import { FOREVER } from "../forever.ts";
import { type Cells, integer, optional, rowsInTurn, whole } from "./answer.ts";
import type { Catalogue } from "./catalogue.ts";
import { DAY_MS } from "./days.ts";
import { type Holder, readHolders } from "./holders.ts";

/**
 * Usage of whole hours, summed from the roll-ups that stand according to the temporary table `standing`. Nearly in the order of identity:
 * nobody may rely on it, and whoever puts it into that order has a tenth of the work. Throws where a series or a holder is missing, so that
 * no sum is left out without a word.
 */
export async function rolledUsages(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  hours: Period,
  scope: Scope,
): Promise<Usage[]> {
  if (hours.start >= hours.end) return [];
  const holders = await readHolders(connection);
  const usages: Usage[] = [];
  const sums = {
    sql: `
      with carried as (
        select series_id, coalesce(least(dirty_from, stale_from, open_from), ${FOREVER}) as carries_to from standing),
      summed as (
        select series_id, holder_id, sum(quantity), sum(readings)::double, sum(observed_ms)::double,
          sum(inferred_ms)::double, sum(after_end)::double, sum(counter_dropped)::double, max(ended)::double
        from (${sources(hours).join(" union all ")})
        ${scope.kind === "all" ? "" : "where holder_id in (select holder_id from holder where project in (select unnest($projects)))"}
        group by series_id, holder_id)
      select summed.* from summed left join series s using (series_id) left join holder h using (holder_id)
      order by s.region, h.project, s.meter, s.resource`,
    values: scope.kind === "all" ? {} : { projects: listValue([...scope.projects]) },
    types: scope.kind === "all" ? {} : { projects: LIST(VARCHAR) },
  };
  for await (const rows of rowsInTurn(connection, sums))
    for (const row of rows) usages.push(usageOf(catalogue, holders, hours, row));
  return usages;
}

/** Whole days from the days, of series whose roll-ups carry beyond them; the hours before and after them, and of all others. */
function sources({ start, end }: Period): string[] {
  const first = Math.ceil(start / DAY_MS) * DAY_MS;
  const last = Math.floor(end / DAY_MS) * DAY_MS;
  if (first >= last) return [hoursFrom(start, end)];
  return [
    `select series_id, holder_id, quantity, readings, observed_ms, inferred_ms, after_end, counter_dropped, ended
      from usage_by_day join carried using (series_id) where day >= ${first} and day < ${last} and carries_to >= ${last}`,
    ...(start < first ? [hoursFrom(start, first)] : []),
    ...(last < end ? [hoursFrom(last, end)] : []),
    `${hoursFrom(first, last)} and carries_to < ${last}`,
  ];
}

const hoursFrom = (from: number, to: number): string => `
  select series_id, holder_id, quantity, readings, observed_ms, inferred_ms, after_end, counter_dropped,
    end_at * 2 + end_final::integer as ended
  from usage_hour join carried using (series_id) where hour >= ${from} and hour < ${to} and hour < carries_to`;

function usageOf(catalogue: Catalogue, holders: ReadonlyMap<number, Holder>, period: Period, row: Cells): Usage {
  const [seriesId, holderId, quantity, ...evidence] = row;
  const series = catalogue.series[integer(seriesId)];
  const holder = holders.get(integer(holderId));
  if (series === undefined || holder === undefined)
    throw new RangeError("a roll-up of a series or holder that nobody entered");
  const { region, meter, resource } = series;
  return { region, meter, resource, ...holder, period, quantity: whole(quantity), evidence: evidenceOfSums(evidence) };
}

/** Of sums in which an end's instant and its certainty are one number: the latest, and at one instant the certain one. */
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
