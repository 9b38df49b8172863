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
import { inTotalOrder, partsOf, quantitiesOf, type Total, type TotalsQuery, totalOf, totalsOf } from "../totals.ts";
import { isWholeHour, wholeHours } from "../whole-hours.ts";
import type { Catalogue } from "./catalogue.ts";
import { whileFrozen } from "./frozen.ts";
import type { Key } from "./key.ts";
import { type Ground, groundOf, liveParts, usages } from "./measure.ts";
import { rolledUsages } from "./rolled.ts";
import type { ClickhouseServer } from "./server.ts";
import { cutsOf, settledTotals } from "./settled.ts";
import { type Asked, readStretches } from "./stretches.ts";

/**
 * Usage added up. What rests on roll-ups alone is added up by ClickHouse, one row for each sum; only where something must be
 * measured from readings, of that resource and in that part, is each usage looked at.
 */
export async function totals(
  server: ClickhouseServer,
  catalogue: Catalogue,
  query: TotalsQuery,
  scope: Scope,
): Promise<Total[]> {
  const { period, cuts = [] } = query;
  const summed = cuts.every(isWholeHour)
    ? await whileFrozen(server, async (frozen) => {
        const ground = await groundOf(server, catalogue, { query, scope, frozen });
        // Of a frozen hour that an edge cuts a part is shared out, usage by usage.
        const cutsFrozen = [period.start, period.end].some((edge) => edge < ground.horizon && !isWholeHour(edge));
        return ground.isPast || cutsFrozen ? undefined : summedUp(ground, catalogue, query, scope);
      })
    : undefined;
  return summed ?? totalsOf((part, who) => usages(server, catalogue, part, who), query, scope);
}

/** Nothing where a later roll-up has begun to replace hours that were added up. */
async function summedUp(
  ground: Ground,
  catalogue: Catalogue,
  query: TotalsQuery,
  scope: Scope,
): Promise<Total[] | undefined> {
  const { standing, horizon } = ground;
  const { period, cuts = [], by, only } = query;
  const hours = wholeHours(period);
  const parts = partsOf(period, cuts);
  const live = standing.flatMap((each) => liveParts(each, { period, hours, horizon }));
  const moving = await movingSeries(ground, catalogue, live, parts);
  const settled = await settledTotals(ground, catalogue, query, { hours, parts, moving });
  if (settled === undefined) return undefined;
  const rolled = await movingRolled(ground, catalogue, { parts, hours, moving });
  if (rolled === undefined) return undefined;
  const measured = await movingMeasured(ground, catalogue, live, parts);
  const rest = parts.flatMap((part, number) =>
    combine([...(rolled.get(number) ?? []), ...(measured.get(number) ?? [])], part),
  );
  const found = inTotalOrder([
    ...settled.filter(({ project }) => permits(scope, project)).map(({ total }) => total),
    ...rest.filter(({ project }) => permits(scope, project)).map((usage) => totalOf(usage, by)),
  ]);
  return only === "quantity" ? quantitiesOf(found) : found;
}

/** The series of every resource of which something must be measured, by the parts in which that is. */
export type Moving = ReadonlyMap<number, ReadonlySet<Key>>;

async function movingSeries(
  { standing }: Ground,
  catalogue: Catalogue,
  live: readonly Asked[],
  parts: readonly Period[],
): Promise<Moving> {
  const seriesOf = await catalogue.seriesOf(new Set(live.length === 0 ? [] : standing.map(({ series }) => series)));
  const thingOf = (series: Key): string => {
    const { region, meter, resource } = seriesOf(series);
    return `${region}\n${meter}\n${resource}`;
  };
  const alike = live.length === 0 ? new Map() : Map.groupBy(standing, ({ series }) => thingOf(series));
  const moving = new Map<number, Set<Key>>();
  for (const { series, period } of live)
    for (const [number, part] of parts.entries()) {
      if (overlapMs(part, period) === 0) continue;
      const mine = moving.get(number) ?? new Set<Key>();
      moving.set(number, mine);
      for (const each of alike.get(thingOf(series)) ?? []) mine.add(each.series);
    }
  return moving;
}

interface Pieces {
  readonly parts: readonly Period[];
  readonly hours: Period;
  readonly moving: Moving;
}

/** What roll-ups say of series that move, usage by usage. */
async function movingRolled(
  { seen, rolled, selection, standing }: Ground,
  catalogue: Catalogue,
  { parts, hours, moving }: Pieces,
): Promise<ReadonlyMap<number, readonly Usage[]> | undefined> {
  const found = new Map<number, readonly Usage[]>();
  for (const [number, series] of moving) {
    const part = parts[number] ?? hours;
    const within = { start: at(Math.max(part.start, hours.start)), end: at(Math.min(part.end, hours.end)) };
    const cuts = cutsOf(standing.filter((each) => series.has(each.series))).filter(({ until }) => until > within.start);
    const summed = await rolledUsages(seen, catalogue, rolled, { selection, cuts, hours: within });
    if (summed.replaced.size > 0) return undefined;
    found.set(number, summed.usages);
  }
  return found;
}

async function movingMeasured(
  { seen, watchOf }: Ground,
  catalogue: Catalogue,
  live: readonly Asked[],
  parts: readonly Period[],
): Promise<ReadonlyMap<number, readonly Usage[]>> {
  const found = new Map<number, Usage[]>();
  for (const { series, readings, period } of await readStretches(seen, catalogue, live)) {
    const meter = meterNamed(series.meter);
    if (meter === undefined) continue;
    const watch = watchOf(series.region, meter.resourceType);
    for (const [number, part] of parts.entries()) {
      if (overlapMs(part, period) === 0) continue;
      const within = { start: at(Math.max(part.start, period.start)), end: at(Math.min(part.end, period.end)) };
      const mine = found.get(number) ?? [];
      found.set(number, mine);
      mine.push(...measure(meter, readings, within, watch));
    }
  }
  return found;
}
