import { plus, type Rational, rational, times, ZERO } from "./rational.ts";

/**
 * Splits a whole number in proportion to weights that are not negative, so that the parts add up to it again: each is cut
 * off, and what is left goes one by one to the largest remainders, of equal ones to the first. What is negative is split as
 * if it were not, so that a credit mirrors its charge. Where nothing weighs anything, all of it goes to the first.
 */
export function allocate(total: bigint, weights: readonly Rational[]): bigint[] {
  if (total < 0n) return allocate(-total, weights).map((part) => -part);
  const whole = weights.reduce(plus, ZERO);
  if (whole.numerator === 0n) return weights.map((_, index) => (index === 0 ? total : 0n));
  const each = times(rational(total), rational(whole.denominator, whole.numerator));
  const shares = weights.map((weight) => times(each, weight));
  const parts = shares.map(({ numerator, denominator }) => numerator / denominator);
  let left = total - parts.reduce((sum, part) => sum + part, 0n);
  for (const index of byRemainder(shares)) {
    if (left === 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts;
}

const byRemainder = (shares: readonly Rational[]): number[] =>
  shares
    .map(({ numerator, denominator }, index) => ({ index, rest: numerator % denominator, denominator }))
    .toSorted((a, b) => sign(b.rest * a.denominator - a.rest * b.denominator) || a.index - b.index)
    .map(({ index }) => index);

const sign = (value: bigint): number => (value < 0n ? -1 : value > 0n ? 1 : 0);
