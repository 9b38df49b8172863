import { compare, type Rational, rational, times } from "./rational.ts";

/**
 * How much of a use falls under a free allowance, of all the use that falls under the same one. Where that is counted in
 * several parts, the allowance is divided in proportion to each, exactly, so that no order decides whose use is free.
 */
export function freeUnits(units: Rational, all: Rational, allowance: Rational): Rational {
  if (compare(all, allowance) <= 0) return units;
  return times(units, times(allowance, rational(all.denominator, all.numerator)));
}
