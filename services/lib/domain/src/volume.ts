import { compare, type Rational } from "./rational.ts";
import { type ChargeTier, charged, type Tier } from "./tier.ts";

/** The whole quantity at the amount of the tier that it reaches: one unit more can reprice all the others. */
export const volume = (units: Rational, tiers: readonly Tier[]): ChargeTier[] =>
  tiers
    .filter(({ upTo }) => upTo === undefined || compare(units, upTo) <= 0)
    .slice(0, 1)
    .map((tier) => charged(units, tier));
