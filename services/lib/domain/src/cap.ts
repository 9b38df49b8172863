import { compare, minus, type Rational, ZERO } from "./rational.ts";

/** What a cap takes off a resource's cost in a billing period: use above it is still measured, shown, and costs nothing more. */
export const aboveCap = (cost: Rational, cap: Rational | undefined): Rational =>
  cap === undefined || compare(cost, cap) <= 0 ? ZERO : minus(cost, cap);
