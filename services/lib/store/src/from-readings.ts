import {
  type Coverage,
  contains,
  inIdentityOrder,
  METERS,
  measure,
  meterNamed,
  type Period,
  permits,
  type Sample,
  type Scope,
  slice,
  type Usage,
  watch,
} from "@raingauge/domain";
import { compareText } from "./order.ts";

/** Of all readings of one meter, those that decide a period; of a meter that nobody knows, those inside. */
export function deciding(name: string, samples: readonly Sample[], period: Period): Sample[] {
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
  const usages = METERS.filter(({ name }) => meters === undefined || meters.includes(name)).flatMap((meter) =>
    regionsOf(byMeter.get(meter.name) ?? []).flatMap(([region, mine]) =>
      measure(meter, mine, period, watch(coverage, region, meter.resourceType)),
    ),
  );
  return inIdentityOrder(usages.filter(({ project }) => permits(scope, project)));
}

const regionsOf = (samples: readonly Sample[]): [string, Sample[]][] =>
  [...Map.groupBy(samples, ({ region }) => region)].toSorted(([a], [b]) => compareText(a, b));
