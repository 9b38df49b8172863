import { NO_EVIDENCE } from "./portion.ts";
import { compare, minus, type Rational, rational, ZERO } from "./rational.ts";
import type { ChargeTier } from "./tier.ts";

/** What adjusts other lines measures nothing itself. */
export const NO_USE = { meter: "", resources: 0, quantity: 0n, evidence: NO_EVIDENCE } as const;

/** Of a line whose only price is its amount: so many units of the currency, up or down. */
export function amounting(cost: Rational): { readonly units: Rational; readonly tiers: readonly ChargeTier[] } {
  const [units, amount] = compare(cost, ZERO) < 0 ? [minus(ZERO, cost), rational(-1n)] : [cost, rational(1n)];
  return { units, tiers: [{ units, amount, cost }] };
}
