import {
  at,
  type Batch,
  type Coverage,
  EVERYTHING,
  HOUR_MS,
  type Instant,
  inIdentityOrder,
  instant,
  METERS,
  measure,
  type Period,
  permits,
  projects,
  type Sample,
  type Scope,
  type Usage,
  watch,
} from "@raingauge/domain";
import { coverageOf, PROJECTS, samplesOf } from "@raingauge/test/generators/history.ts";
import { patience } from "@raingauge/test/generators/hunt.ts";
import { columnsDecoder, encodeBatch } from "@raingauge/wire";
import fc from "fast-check";
import type { Arrival, UsageQuery } from "../store.ts";

/** The machine that checks is shared; properties print their seed, and hold no promise about how long they take. */
export const PROPERTY_MS = patience(180_000);

/** A clock that stands still: stores must tell instants of storing apart all the same. */
export const clock = (): Instant => instant("2026-03-01T00:00:00Z");

const HOUR_0 = instant("2026-01-10T00:00:00Z");
export const hour = (count: number): Instant => at(HOUR_0 + Math.round(count * HOUR_MS));
export const hours = (from: number, to: number): Period => ({ start: hour(from), end: hour(to) });
export const DAY = hours(0, 24);

export const arrivalOf = (sequence: number, batch: Partial<Batch>): Arrival => ({
  position: { stream: "RAINGAUGE", sequence: BigInt(sequence) },
  batch: { samples: [], events: [], coverage: [], ...batch },
});
export const arrival = (sequence: number, ...samples: Sample[]): Arrival => arrivalOf(sequence, { samples });

/** One for all, as a collector has it: what arrivals say alike they share. */
const decode = columnsDecoder();

export const inColumns = ({ position, batch }: Arrival): Arrival => ({
  position,
  batch: decode(encodeBatch(batch)),
});

export const listening = (period: Period): Coverage => ({
  region: "RegionOne",
  source: "listener",
  agent: "queue",
  period,
});
export const polling = (period: Period, limitSeconds = 900): Coverage => ({
  region: "RegionOne",
  source: "libvirt",
  agent: "compute-01",
  period,
  confirms: { resourceTypes: ["instance"], limitSeconds },
});

export const quantities = (usages: readonly Usage[]): bigint[] =>
  usages.map(({ quantity }) => quantity / BigInt(HOUR_MS));

export const aScope: fc.Arbitrary<Scope> = fc.oneof(
  fc.constant(EVERYTHING),
  fc.subarray([...PROJECTS]).map((some) => projects(...some)),
);

/** The promise itself: the domain's measure over all readings, narrowed last. */
export function expected(
  told: readonly Arrival[],
  { meters, period, region, resource }: UsageQuery,
  scope: Scope,
): Usage[] {
  const samples = samplesOf(told).filter(
    (sample) => (region ?? sample.region) === sample.region && (resource ?? sample.resource) === sample.resource,
  );
  const usages = METERS.filter(({ name }) => meters === undefined || meters.includes(name)).flatMap((meter) => {
    const mine = Map.groupBy(
      samples.filter((sample) => sample.meter === meter.name),
      (sample) => sample.region,
    );
    return [...mine].flatMap(([where, readings]) =>
      measure(meter, readings, period, watch(coverageOf(told), where, meter.resourceType)),
    );
  });
  return inIdentityOrder(usages.filter(({ project }) => permits(scope, project)));
}
