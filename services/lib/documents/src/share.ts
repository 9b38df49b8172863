import { type Rational, rational, roundHalfUp, times } from "@raingauge/domain";

/**
 * Rounds exact costs so that they add up to an amount that is itself their rounded sum: each is cut off towards minus infinity
 * and the largest remainders are raised, so that no part is a whole unit away from what it comes to.
 */
export function roundTo(amount: bigint, exact: readonly Rational[], places: number): bigint[] {
  const scaled = exact.map((value) => times(value, rational(10n ** BigInt(places))));
  const floors = scaled.map(floor);
  const left = amount - floors.reduce((total, part) => total + part, 0n);
  const count = BigInt(scaled.length);
  if (left < 0n || left > count) return nearest(amount, scaled);
  const byRemainder = scaled
    .map(({ numerator, denominator }, index) => ({ index, remainder: mod(numerator, denominator), denominator }))
    .toSorted((a, b) => {
      const difference = b.remainder * a.denominator - a.remainder * b.denominator;
      return difference === 0n ? a.index - b.index : difference > 0n ? 1 : -1;
    });
  const raised = new Set(byRemainder.slice(0, Number(left)).map(({ index }) => index));
  return floors.map((part, index) => (raised.has(index) ? part + 1n : part));
}

/** Where the amount is not the sum's rounding, as after a correction: the difference goes to the last. */
function nearest(amount: bigint, scaled: readonly Rational[]): bigint[] {
  const parts = scaled.map(roundHalfUp);
  const left = amount - parts.reduce((total, part) => total + part, 0n);
  return parts.map((part, index) => (index === parts.length - 1 ? part + left : part));
}

const floor = ({ numerator, denominator }: Rational): bigint => (numerator - mod(numerator, denominator)) / denominator;

const mod = (value: bigint, by: bigint): bigint => ((value % by) + by) % by;
