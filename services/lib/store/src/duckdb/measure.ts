import { BIGINT, type DuckDBConnection } from "@duckdb/node-api";
import {
  allMeters,
  at,
  combine,
  HOUR_MS,
  type Instant,
  measure,
  meterNamed,
  type Period,
  permits,
  type Scope,
  sharedOut,
  type Usage,
} from "@raingauge/domain";
import { FOREVER } from "../forever.ts";
import type { Watching } from "../sources.ts";
import { refuseFrozen, type UsageQuery } from "../store.ts";
import { cutHours, wholeHours } from "../whole-hours.ts";
import type { Catalogue } from "./catalogue.ts";
import { readFrozen } from "./frozen.ts";
import { rolledUsages } from "./rolled.ts";
import { staleNow } from "./stale.ts";
import { type Selection, standing, standingOnReadings } from "./standing.ts";
import { readStretches } from "./stretches.ts";
import { watching } from "./watching.ts";

/**
 * Usage, as `measure` over all readings would give it: from roll-ups for the whole hours whose roll-ups stand, from the
 * readings for the edges of the period and for whatever arrived since. All within one snapshot of the store.
 */
export async function usages(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  query: UsageQuery,
  scope: Scope,
): Promise<Usage[]> {
  const { period } = query;
  const { asOf, watchOf, horizon } = await markStanding(connection, query, scope);
  const rolled = await rolledUsages(connection, catalogue, wholeHours(period), scope);
  const cut = await cutUsages(connection, catalogue, { period, horizon }, scope);
  const live = (await readStretches(connection, catalogue, asOf)).flatMap((stretch) => {
    const meter = meterNamed(stretch.series.meter);
    if (meter === undefined) return [];
    return measure(meter, stretch.readings, stretch.period, watchOf(stretch.series.region, meter.resourceType));
  });
  return combine([...rolled, ...cut, ...live], period).filter(({ project }) => permits(scope, project));
}

/**
 * Makes the temporary tables `standing` and `stretch` of a question: how far the roll-ups of each series carry, and what must
 * be measured from readings.
 */
export async function markStanding(
  connection: DuckDBConnection,
  { meters, period, region, resource, asOf: watermark }: UsageQuery,
  scope: Scope,
): Promise<Marked> {
  const frozen = await readFrozen(connection);
  refuseFrozen(frozen, { period, asOf: watermark });
  const horizon = frozen?.horizon ?? at(0);
  const asOf = await pastOnly(connection, watermark);
  const asked = allMeters()
    .map(({ name }) => name)
    .filter((name) => meters === undefined || meters.includes(name));
  const selection: Selection = { meters: asked, region, resource, scope };
  const watchOf = await watching(connection, asOf);
  if (asOf === undefined) await standing(connection, selection, await staleNow(connection, watchOf));
  else await standingOnReadings(connection, selection);
  await markLive(connection, { period, hours: wholeHours(period), horizon });
  return { asOf, watchOf, horizon };
}

interface Marked {
  /** The watermark, where anything was stored after it. */
  readonly asOf: Instant | undefined;
  readonly watchOf: Watching;
  readonly horizon: Instant;
}

/** A watermark that nothing was stored after asks for everything, and everything may come from roll-ups: a month's close does. */
export async function pastOnly(
  connection: DuckDBConnection,
  watermark: Instant | undefined,
): Promise<Instant | undefined> {
  if (watermark === undefined) return undefined;
  const later = await connection.runAndReadAll("select 1 from position where stored_at > $1 limit 1", [
    BigInt(watermark),
  ]);
  return later.currentRowCount === 0 ? undefined : watermark;
}

interface Parts {
  readonly period: Period;
  readonly hours: Period;
  readonly horizon: Instant;
}

/** What falls into the period of frozen hours that its edges cut: no reading tells any more in which minutes it was. */
async function cutUsages(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  { period, horizon }: Pick<Parts, "period" | "horizon">,
  scope: Scope,
): Promise<Usage[]> {
  let usages: Usage[] = [];
  for (const hour of cutHours(period).filter((each) => each < horizon)) {
    const whole = await rolledUsages(connection, catalogue, { start: hour, end: at(hour + HOUR_MS) }, scope);
    usages = usages.concat(whole.flatMap((usage) => sharedOut(usage, period) ?? []));
  }
  return usages;
}

/**
 * Makes the temporary table `stretch`: what of the period must be measured from readings. That is what lies before the
 * whole hours, and everything from the first hour on whose roll-up does not stand.
 */
async function markLive(connection: DuckDBConnection, { period, hours, horizon }: Parts): Promise<void> {
  await connection.run(
    `create or replace temp table stretch as
      with cut as (
        select series_id,
          greatest($from, least($to, coalesce(least(dirty_from, stale_from, open_from), ${FOREVER}))) as live_from,
          case when coalesce(dirty_from, stale_from, open_from) is null then since else 0 end as since,
          case when coalesce(dirty_from, stale_from, open_from) is null then until else ${FOREVER} end as until
        from standing),
      parts as (
        select *, $start as starts, case when live_from = $from then $end else $from end as ends from cut
        union all
        select *, live_from as starts, $end as ends from cut where live_from > $from)
      select series_id, greatest(starts, $horizon) as starts, ends from parts
      where greatest(starts, $horizon) < ends and starts < until and ends > since`,
    {
      start: BigInt(period.start),
      end: BigInt(period.end),
      from: BigInt(hours.start),
      to: BigInt(hours.end),
      horizon: BigInt(horizon),
    },
    { start: BIGINT, end: BIGINT, from: BIGINT, to: BIGINT, horizon: BIGINT },
  );
}
