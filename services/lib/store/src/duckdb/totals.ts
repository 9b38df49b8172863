import { BIGINT, type DuckDBConnection, LIST, listValue, VARCHAR } from "@duckdb/node-api";
import {
  at,
  combine,
  measure,
  meterNamed,
  overlapMs,
  type Period,
  permits,
  type Scope,
  type Usage,
} from "@raingauge/domain";
import type { Watching } from "../sources.ts";
import { refuseFrozen } from "../store.ts";
import { inTotalOrder, partsOf, quantitiesOf, type Total, type TotalsQuery, totalOf, totalsOf } from "../totals.ts";
import { isWholeHour, wholeHours } from "../whole-hours.ts";
import { integer, rowsOf, whole } from "./answer.ts";
import type { Catalogue } from "./catalogue.ts";
import { readFrozen } from "./frozen.ts";
import { readHolders } from "./holders.ts";
import { markStanding, pastOnly, usages } from "./measure.ts";
import { evidenceOfSums } from "./rolled.ts";
import { type DuckdbTotalsQuery, type Rolled, settledTotals } from "./settled.ts";
import { staleNow } from "./stale.ts";
import { readStretches } from "./stretches.ts";
import { isUnsettled } from "./unsettled.ts";
import { watching } from "./watching.ts";

/**
 * Usage added up. What rests on roll-ups alone is added up by DuckDB, one row for each sum; only where something must be
 * measured from readings, of that resource and in that part, is each usage looked at.
 */
export async function totals(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  query: DuckdbTotalsQuery,
  scope: Scope,
): Promise<Total[]> {
  const { period, cuts = [], by, only } = query;
  if (await isAllRolledUp(connection, query)) {
    const sources = { connection, catalogue, holders: await readHolders(connection), parts: partsOf(period, cuts) };
    return inTotalOrder(await settledTotals(sources, query, scope, { hours: period, exceptMoving: false }));
  }
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
  const sources = { connection, catalogue, holders, parts, watchOf };
  const settled = await settledTotals(sources, query, scope, { hours, exceptMoving: true });
  const moving = await movingUsages(sources, hours, scope);
  const found = inTotalOrder([...settled, ...moving.map((usage) => totalOf(usage, by))]);
  return only === "quantity" ? quantitiesOf(found) : found;
}

/** Then nothing has to be looked at but sums. */
async function isAllRolledUp(connection: DuckDBConnection, { period, cuts = [], asOf }: TotalsQuery): Promise<boolean> {
  const frozen = await readFrozen(connection);
  refuseFrozen(frozen, { period, asOf });
  if (![period.start, period.end, ...cuts].every(isWholeHour)) return false;
  if ((await pastOnly(connection, asOf)) !== undefined) return false;
  if (period.end <= (frozen?.horizon ?? 0)) return true;
  const watchOf = await watching(connection, undefined);
  return !(await isUnsettled(connection, period, await staleNow(connection, watchOf)));
}

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

/** Makes the temporary table `moving`: the series of every resource of which `stretch` wants something measured, and in which part. */
async function markMoving(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    `create or replace temp table moving as
      select distinct s.series_id, m.number from series s join (
        select distinct region, meter, resource, number from series join stretch t using (series_id)
          join part p on t.starts < p.ends and t.ends > p.starts) m
      on s.region = m.region and s.meter = m.meter and s.resource = m.resource`,
  );
}

/** Roll-ups that stand: those of a series before the first hour of which they do not. */
const STANDS = `u.hour >= $from and u.hour < $to
  and (u.hour < least(st.dirty_from, st.stale_from, st.open_from) or coalesce(st.dirty_from, st.stale_from, st.open_from) is null)
  and ($all or u.holder_id in (select holder_id from holder where project in (select unnest($projects))))`;

const SUMS = `sum(u.quantity), sum(u.readings), sum(u.observed_ms), sum(u.inferred_ms), sum(u.after_end),
  sum(u.counter_dropped), max(u.end_at * 2 + u.end_final::integer)`;

const asked = (hours: Period, scope: Scope) => ({
  values: {
    from: BigInt(hours.start),
    to: BigInt(hours.end),
    all: scope.kind === "all",
    projects: listValue(scope.kind === "all" ? [] : [...scope.projects]),
  },
  types: { from: BIGINT, to: BIGINT, projects: LIST(VARCHAR) },
});

interface Moving extends Rolled {
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
      select m.number, u.series_id, u.holder_id, ${SUMS}
      from usage_hour u join standing st using (series_id) join moving m using (series_id) join part p using (number)
      where ${STANDS} and u.hour >= p.starts and u.hour < p.ends
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
      evidence: evidenceOfSums(evidence),
    };
    return { number, usage };
  });
}
