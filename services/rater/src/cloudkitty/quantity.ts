import {
  compare,
  HOUR_MS,
  lengthMs,
  parseDecimal,
  plus,
  type Rational,
  rational,
  times,
  type Usage,
  ZERO,
} from "@raingauge/domain";
import type { RatedMetric } from "./metrics-file.ts";

/**
 * How much of a metric a usage is, in the metric's unit × hours, or in its unit alone where it counts. CloudKitty takes one
 * reading for an hour; we know the whole of it, so an hour in which a machine lived for half is half of one. A metric that
 * is not proportional to what was measured (see `isProportionalTo`) has to be asked hour by hour. Pure.
 */
export function quantityOf(metric: RatedMetric, usage: Usage): Rational {
  const { meter } = metric;
  if (meter === undefined) return ZERO;
  if (meter.kind === "gauge") return times(mutated(meanOf(usage, meter.shown.factor), metric), hoursOf(aliveMs(usage)));
  const grown = rational(usage.quantity * meter.shown.factor.denominator, meter.shown.factor.numerator);
  if (!metric.isRate) return mutated(grown, metric);
  const hours = hoursOf(lengthMs(usage.period));
  const perSecond = times(grown, rational(1_000n, BigInt(lengthMs(usage.period))));
  return times(mutated(perSecond, metric), hours);
}

/** Whether a longer period's quantity is the sum of its hours'. */
export function isProportionalTo({ mutate, offset, meter }: RatedMetric): boolean {
  if (mutate === "NONE") return offset.numerator === 0n;
  return (
    mutate === "NUMBOOL" && offset.numerator === 0n && meter?.existence === true && meter.unit === meter.shown.unit
  );
}

/** A reading as CloudKitty turns it into a quantity: first the unit, then the mutation. Pure. */
export function mutated(
  reading: Rational,
  { factor, offset, mutate, map }: Pick<RatedMetric, "factor" | "offset" | "mutate" | "map">,
): Rational {
  const value = plus(times(reading, factor), offset);
  switch (mutate) {
    case "NONE":
      return value;
    case "CEIL":
      return rational(-floor(-value.numerator, value.denominator));
    case "FLOOR":
      return rational(floor(value.numerator, value.denominator));
    case "NUMBOOL":
      return value.numerator === 0n ? ZERO : ONE;
    case "NOTNUMBOOL":
      return value.numerator === 0n ? ONE : ZERO;
    case "MAP":
      return [...map].find(([key]) => isNumber(key) && compare(parseDecimal(key), value) === 0)?.[1] ?? ZERO;
  }
}

const ONE = rational(1n);

const isNumber = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text);

const floor = (numerator: bigint, denominator: bigint): bigint => {
  const whole = numerator / denominator;
  return numerator % denominator < 0n ? whole - 1n : whole;
};

/** Over the time that it was there. */
function meanOf(usage: Usage, baseUnits: Rational): Rational {
  const alive = aliveMs(usage);
  if (alive === 0) return ZERO;
  return rational(usage.quantity * baseUnits.denominator, BigInt(alive) * baseUnits.numerator);
}

const aliveMs = ({ evidence: { observedMs, inferredMs } }: Usage): number => observedMs + inferredMs;

const hoursOf = (ms: number): Rational => rational(BigInt(ms), BigInt(HOUR_MS));
