import { compare, type Rational, rational, times } from "./rational.ts";

/**
 * How much of a use falls under a project's free allowance. Where each resource is counted by itself, the allowance is
 * divided in proportion to what each used, exactly, so that no order decides whose use is free.
 */
export function freeUnits(units: Rational, projectUnits: Rational, allowance: Rational): Rational {
  if (compare(projectUnits, allowance) <= 0) return units;
  return times(units, times(allowance, rational(projectUnits.denominator, projectUnits.numerator)));
}
