import type { Rational } from "./rational.ts";

/**
 * How what is finer than the smallest unit is rounded: the issuer's choice, recorded on every document. `half-up` goes away from
 * zero at a half, `half-ceil` upwards; `down` towards zero and `up` away from it, so that a credit mirrors its charge.
 */
export const ROUNDINGS = ["half-up", "half-even", "half-ceil", "floor", "ceil", "down", "up"] as const;
export type Rounding = (typeof ROUNDINGS)[number];

export function round({ numerator, denominator }: Rational, rounding: Rounding): bigint {
  const rest = ((numerator % denominator) + denominator) % denominator;
  const floor = (numerator - rest) / denominator;
  return rest > 0n && isRaised({ floor, twice: 2n * rest, denominator }, rounding) ? floor + 1n : floor;
}

interface Between {
  /** The whole number below. */
  readonly floor: bigint;
  /** Twice what is above it, to be held against the denominator. */
  readonly twice: bigint;
  readonly denominator: bigint;
}

function isRaised({ floor, twice, denominator }: Between, rounding: Rounding): boolean {
  const isHalf = twice === denominator;
  const isNegative = floor < 0n;
  switch (rounding) {
    case "half-up":
      return isHalf ? !isNegative : twice > denominator;
    case "half-even":
      return isHalf ? floor % 2n !== 0n : twice > denominator;
    case "half-ceil":
      return twice >= denominator;
    case "floor":
      return false;
    case "ceil":
      return true;
    case "down":
      return isNegative;
    case "up":
      return !isNegative;
  }
}
