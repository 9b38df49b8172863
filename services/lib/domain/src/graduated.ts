import { compare, minus, type Rational, ZERO } from "./rational.ts";
import { type ChargeTier, charged, type Tier } from "./tier.ts";

/** Pours a quantity into the tiers from the bottom; what one tier cannot hold overflows to the next. Nothing is in the first. */
export function graduated(units: Rational, tiers: readonly Tier[]): ChargeTier[] {
  const poured: ChargeTier[] = [];
  let floor = ZERO;
  for (const tier of tiers) {
    const { upTo } = tier;
    const ceiling = upTo === undefined || compare(units, upTo) < 0 ? units : upTo;
    const held = minus(ceiling, floor);
    if (compare(held, ZERO) > 0 || poured.length === 0) poured.push(charged(held, tier));
    if (upTo === undefined || compare(units, upTo) <= 0) return poured;
    floor = upTo;
  }
  return poured;
}
