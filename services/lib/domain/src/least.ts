import { compare, minus, type Rational, rational, ZERO } from "./rational.ts";

/** What each use of a resource costs at least, however short it was: a machine that ran for a second was made all the same. */
export interface Least {
  /** A shorter use counts as one of so many milliseconds. */
  readonly timeMs?: bigint;
  /** And costs so much. */
  readonly amount?: Rational;
}

/** The units that are charged of a use; `unitMs` is how long one unit of the price lasts. */
export function atLeastUnits(units: Rational, least: Least | undefined, unitMs: bigint): Rational {
  if (least?.timeMs === undefined || compare(units, ZERO) === 0) return units;
  const fewest = rational(least.timeMs, unitMs);
  return compare(units, fewest) < 0 ? fewest : units;
}

/** What is missing to the least amount. A use that was free costs nothing. */
export const belowLeast = (cost: Rational, units: Rational, least: Least | undefined): Rational =>
  least?.amount === undefined || compare(units, ZERO) === 0 || compare(cost, least.amount) >= 0
    ? ZERO
    : minus(least.amount, cost);
