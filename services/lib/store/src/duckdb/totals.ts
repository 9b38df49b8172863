import { BIGINT, type DuckDBConnection, LIST, listValue, VARCHAR } from "@duckdb/node-api";
import {
  at,
  combine,
  HOUR_MS,
  type Instant,
  measure,
  meterNamed,
  overlapMs,
  type Period,
  permits,
  type Scope,
  type Usage,
} from "@raingauge/domain";
import { inTotalOrder, partsOf, type Total, type TotalsQuery, termOf, totalOf, totalsOf } from "../totals.ts";
import { integer, rowsOf, text, whole } from "./answer.ts";
import type { Catalogue } from "./catalogue.ts";
import { type Holder, readHolders } from "./holders.ts";
import { markStanding, usages, wholeHours } from "./measure.ts";
import { evidenceOf } from "./rolled.ts";
import { readStretches } from "./stretches.ts";
import type { Watching } from "./watching.ts";

/**
 * Usage added up. What rests on roll-ups alone is added up by DuckDB, one row for each sum; only of the resources of which
 * something must be measured from readings is each usage looked at.
 */
export async function totals(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  query: TotalsQuery,
  scope: Scope,
): Promise<Total[]> {
  const { period, cuts = [] } = query;
  const each = (): Promise<Total[]> => totalsOf((part, who) => usages(connection, catalogue, part, who), query, scope);
  if (!cuts.every(isWholeHour)) return each();
  const { asOf, watchOf, horizon } = await markStanding(connection, query, scope);
  // Of a frozen hour that an edge cuts a part is shared out, usage by usage.
  const cutsFrozen = [period.start, period.end].some((edge) => edge < horizon && !isWholeHour(edge));
  if (asOf !== undefined || cutsFrozen) return each();
  const parts = partsOf(period, cuts);
  await markParts(connection, parts);
  await markMoving(connection);
  const holders = await readHolders(connection);
  const hours = wholeHours(period);
  const settled = await settledTotals({ connection, holders, parts }, query, hours, scope);
  const moving = await movingUsages({ connection, catalogue, holders, parts, watchOf }, hours, scope);
  return inTotalOrder([...settled, ...moving.map((usage) => totalOf(usage, query.by))]);
}

const isWholeHour = (moment: Instant): boolean => moment % HOUR_MS === 0;

/** Makes the temporary table `part`: the number of each part of the period, with its edges. */
async function markParts(connection: DuckDBConnection, parts: readonly Period[]): Promise<void> {
  await connection.run(
    "create or replace temp table part as select unnest($starts) as starts, unnest($ends) as ends, unnest($numbers) as number",
    {
      starts: listValue(parts.map(({ start }) => BigInt(start))),
      ends: listValue(parts.map(({ end }) => BigInt(end))),
      numbers: listValue(parts.map((_, index) => BigInt(index))),
    },
    { starts: LIST(BIGINT), ends: LIST(BIGINT), numbers: LIST(BIGINT) },
  );
}

/** Makes the temporary table `moving`: the series of every resource of which `stretch` wants something measured. */
async function markMoving(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    `create or replace temp table moving as
      select distinct s.series_id from series s join (
        select distinct region, meter, resource from series join stretch using (series_id)) m
      on s.region = m.region and s.meter = m.meter and s.resource = m.resource`,
  );
}

interface Rolled {
  readonly connection: DuckDBConnection;
  readonly holders: ReadonlyMap<number, Holder>;
  readonly parts: readonly Period[];
}

const STANDS = `u.hour >= $from and u.hour < $to
  and (u.hour < least(st.dirty_from, st.stale_from, st.open_from) or coalesce(st.dirty_from, st.stale_from, st.open_from) is null)
  and ($all or u.holder_id in (select holder_id from holder where project in (select unnest($projects))))`;

const SUMS = `sum(u.quantity) as quantity, sum(u.readings) as readings, sum(u.observed_ms) as observed_ms,
  sum(u.inferred_ms) as inferred_ms, sum(u.after_end) as after_end, sum(u.counter_dropped) as counter_dropped,
  max(u.end_at) as last_end, max_by(u.end_final, u.end_at * 2 + u.end_final::integer) as last_final`;

const asked = (hours: Period, scope: Scope) => ({
  values: {
    from: BigInt(hours.start),
    to: BigInt(hours.end),
    all: scope.kind === "all",
    projects: listValue(scope.kind === "all" ? [] : [...scope.projects]),
  },
  types: { from: BIGINT, to: BIGINT, projects: LIST(VARCHAR) },
});

async function settledTotals(
  { connection, holders, parts }: Rolled,
  { by }: TotalsQuery,
  hours: Period,
  scope: Scope,
): Promise<Total[]> {
  if (hours.start >= hours.end) return [];
  const region = by.includes("region") ? "s.region" : "''";
  const resource = by.includes("resource") ? "s.resource" : "''";
  const rows = await rowsOf(connection, {
    sql: `
      with summed as (
        select ${partOf(parts)} as number, u.series_id, u.holder_id, ${SUMS}
        from usage_hour u join standing st using (series_id) ${joined(parts)}
        where ${STANDS} and u.series_id not in (select series_id from moving)
        group by all)
      select u.number, s.meter, ${region}, ${resource}, u.holder_id, count(distinct (s.region, s.resource)), ${SUMS}
      from (select * rename (last_end as end_at, last_final as end_final) from summed) u join series s using (series_id) group by all`,
    ...asked(hours, scope),
  });
  return rows.flatMap(([number, meter, where, what, holderId, count, quantity, ...evidence]) => {
    const [holder, period] = [holders.get(integer(holderId)), parts[integer(number)]];
    if (holder === undefined || period === undefined) throw new RangeError("a sum of a holder that nobody entered");
    const subject = { ...holder, region: text(where), resource: text(what) };
    return [
      {
        period,
        meter: text(meter),
        by: by.map((term) => termOf(subject, term)),
        quantity: whole(quantity),
        usages: integer(count),
        evidence: evidenceOf(evidence),
      },
    ];
  });
}

/** One part needs no looking up, and most questions have one. */
const partOf = (parts: readonly Period[]): string => (parts.length === 1 ? "0" : "p.number");
const joined = (parts: readonly Period[]): string =>
  parts.length === 1 ? "" : "join part p on u.hour >= p.starts and u.hour < p.ends";

interface Moving extends Rolled {
  readonly catalogue: Catalogue;
  readonly watchOf: Watching;
}

async function movingUsages(sources: Moving, hours: Period, scope: Scope): Promise<Usage[]> {
  const { connection, catalogue, parts, watchOf } = sources;
  const rolled = await movingRolled(sources, hours, scope);
  const live = (await readStretches(connection, catalogue, undefined)).flatMap((stretch) => {
    const meter = meterNamed(stretch.series.meter);
    if (meter === undefined) return [];
    const watching = watchOf(stretch.series.region, meter.resourceType);
    return parts.flatMap((part, number) => {
      const period = {
        start: at(Math.max(stretch.period.start, part.start)),
        end: at(Math.min(stretch.period.end, part.end)),
      };
      if (overlapMs(stretch.period, part) === 0) return [];
      return measure(meter, stretch.readings, period, watching).map((usage) => ({ number, usage }));
    });
  });
  const byPart = Map.groupBy([...rolled, ...live], ({ number }) => number);
  return parts.flatMap((part, number) =>
    combine(
      (byPart.get(number) ?? []).map(({ usage }) => usage),
      part,
    ).filter(({ project }) => permits(scope, project)),
  );
}

async function movingRolled({ connection, catalogue, holders, parts }: Moving, hours: Period, scope: Scope) {
  if (hours.start >= hours.end) return [];
  const rows = await rowsOf(connection, {
    sql: `
      select ${partOf(parts)} as number, u.series_id, u.holder_id, ${SUMS}
      from usage_hour u join standing st using (series_id) ${joined(parts)}
      where ${STANDS} and u.series_id in (select series_id from moving)
      group by all`,
    ...asked(hours, scope),
  });
  return rows.map(([part, seriesId, holderId, quantity, ...evidence]) => {
    const [series, holder, number] = [
      catalogue.series[integer(seriesId)],
      holders.get(integer(holderId)),
      integer(part),
    ];
    const period = parts[number];
    if (series === undefined || holder === undefined || period === undefined)
      throw new RangeError("a roll-up of a series or holder that nobody entered");
    const { region, meter, resource } = series;
    const usage = {
      region,
      meter,
      resource,
      ...holder,
      period,
      quantity: whole(quantity),
      evidence: evidenceOf(evidence),
    };
    return { number, usage };
  });
}
