import { graduated } from "./graduated.ts";
import { type Rational, rational } from "./rational.ts";
import type { ChargeTier, Tier } from "./tier.ts";

/**
 * Only whole packages are sold, and one that was started is sold. A unit of the price is one package: `100 GB`, or
 * `instance hour` counted for each resource by itself, which is the started hour of many clouds.
 */
export const packages = (units: Rational, tiers: readonly Tier[]): ChargeTier[] => graduated(started(units), tiers);

const started = ({ numerator, denominator }: Rational): Rational =>
  rational((numerator + denominator - 1n) / denominator);
