import { setImmediate as turn } from "node:timers/promises";
import {
  allMeters,
  at,
  type Coverage,
  combine,
  contains,
  hourly,
  hourOf,
  type Instant,
  inIdentityOrder,
  lives,
  measure,
  meterNamed,
  type Period,
  permits,
  piecewise,
  reach,
  resourcesOf,
  retained,
  type Sample,
  type Scope,
  sharedOut,
  slice,
  type Usage,
  watch,
} from "@raingauge/domain";
import { compareText } from "./order.ts";
import { inTotalOrder, partsOf, quantitiesOf, type Total, type TotalsQuery, totalOf } from "./totals.ts";

/** Of all readings of one meter, those that decide a period; of a meter that nobody knows, those inside. */
export function deciding<S extends Sample>(name: string, samples: readonly S[], period: Period): S[] {
  const meter = meterNamed(name);
  if (meter === undefined) return samples.filter((sample) => contains(period, sample.at));
  return regionsOf(samples).flatMap(([, mine]) => slice(meter, mine, period));
}

export interface Told {
  readonly samples: readonly Sample[];
  readonly coverage: readonly Coverage[];
}

/** Usage as it follows from all readings of the meters asked for: the specification itself, for stores that roll nothing up. */
export function usagesFrom(
  { samples, coverage }: Told,
  { meters, period }: { readonly meters?: readonly string[] | undefined; readonly period: Period },
  scope: Scope,
): Usage[] {
  const byMeter = Map.groupBy(samples, ({ meter }) => meter);
  const usages = allMeters()
    .filter(({ name }) => meters === undefined || meters.includes(name))
    .flatMap((meter) =>
      regionsOf(byMeter.get(meter.name) ?? []).flatMap(([region, mine]) =>
        measure(meter, mine, period, watch(coverage, region, meter.resourceType)),
      ),
    );
  return inIdentityOrder(usages.filter(({ project }) => permits(scope, project)));
}

/**
 * What `totalsOf` makes of `usagesFrom`, for hundreds of parts: every series is put in order once, and each part measured from
 * the few readings that decide it. Others have their turn between one resource and the next.
 */
export async function totalsFrom(
  { samples, coverage }: Told,
  { meters, period, by, cuts = [], only }: TotalsQuery,
  scope: Scope,
  signal?: AbortSignal,
): Promise<Total[]> {
  const parts = partsOf(period, cuts);
  const byMeter = Map.groupBy(samples, ({ meter }) => meter);
  const found: Total[] = [];
  for (const meter of allMeters().filter(({ name }) => meters === undefined || meters.includes(name)))
    for (const [region, mine] of regionsOf(byMeter.get(meter.name) ?? [])) {
      const known = watch(coverage, region, meter.resourceType);
      for (const series of resourcesOf(mine)) {
        await turn();
        signal?.throwIfAborted();
        const pieces = lives(meter, series).flatMap((life) => piecewise(meter, life, parts, known));
        const own = pieces.filter(({ project }) => permits(scope, project));
        for (const piece of Map.groupBy(own, (usage) => usage.period.start).values())
          found.push(...combine(piece, (piece[0] as Usage).period).map((usage) => totalOf(usage, by)));
      }
    }
  const totals = inTotalOrder(found);
  return only === "quantity" ? quantitiesOf(totals) : totals;
}

const regionsOf = <S extends Sample>(samples: readonly S[]): [string, S[]][] =>
  [...Map.groupBy(samples, ({ region }) => region)].toSorted(([a], [b]) => compareText(a, b));

/** Usage of each hour up to a horizon, as of now, of whatever was not frozen before. */
export function hoursUntil(horizon: Instant, since: Instant | undefined, { samples, coverage }: Told): Usage[] {
  const byMeter = Map.groupBy(samples, ({ meter }) => meter);
  return allMeters().flatMap((meter) =>
    regionsOf(byMeter.get(meter.name) ?? []).flatMap(([region, mine]) => {
      const known = watch(coverage, region, meter.resourceType);
      return resourcesOf(mine)
        .flatMap((series) => lives(meter, series))
        .flatMap((life) => {
          const start = reach(meter, [], life, known)[0]?.start ?? horizon;
          return hourly(meter, life, { start: hourOf(at(Math.max(start, since ?? start))), end: horizon }, known);
        });
    }),
  );
}

/** Usage of a period of which the hours up to a horizon are frozen: those as they stand, and the rest from readings. */
export function usagesWith(
  frozen: { readonly horizon: Instant; readonly hours: readonly Usage[] },
  told: Told,
  { meters, period }: { readonly meters?: readonly string[] | undefined; readonly period: Period },
  scope: Scope,
): Usage[] {
  const rest = { start: at(Math.max(period.start, frozen.horizon)), end: period.end };
  const live = rest.start < rest.end ? usagesFrom(told, { meters, period: rest }, scope) : [];
  const standing = frozen.hours
    .filter(({ meter, project }) => (meters === undefined || meters.includes(meter)) && permits(scope, project))
    .flatMap((usage) => sharedOut(usage, period) ?? []);
  return combine([...standing, ...live], period);
}

/**
 * Of all readings those that stay when hours are frozen; nothing of them is removed by a horizon that went by before. What was
 * stored since the horizon stays, and with it what decides beside it: an end that was told late has a statement in force.
 */
export function survivors<S extends Sample & { readonly storedAt: Instant }>(
  samples: readonly S[],
  horizon: Instant,
): S[] {
  const past = samples.filter((sample) => sample.at < horizon);
  const early = past.filter((sample) => sample.storedAt < horizon);
  const kept = new Set([...lasting(early, horizon), ...lasting(past, horizon)]);
  return samples.filter((sample) => sample.at >= horizon || sample.storedAt >= horizon || kept.has(sample));
}

const lasting = <S extends Sample>(samples: readonly S[], horizon: Instant): S[] =>
  [...Map.groupBy(samples, ({ meter }) => meter)].flatMap(([name, mine]) => {
    const meter = meterNamed(name);
    return meter === undefined ? mine : retained(meter, mine, horizon);
  });
