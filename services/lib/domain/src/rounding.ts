import { type Rational, roundHalfUp } from "./rational.ts";

/** How a half of the smallest unit is rounded. The issuer's choice, recorded on every document. */
export type Rounding = "half-up" | "half-even";

export function round(value: Rational, rounding: Rounding): bigint {
  switch (rounding) {
    case "half-up":
      return roundHalfUp(value);
    case "half-even":
      return roundHalfEven(value);
  }
}

/** A half goes to the even neighbour, so that over many lines nobody is favoured. */
function roundHalfEven({ numerator, denominator }: Rational): bigint {
  const magnitude = numerator < 0n ? -numerator : numerator;
  const [whole, rest] = [magnitude / denominator, magnitude % denominator];
  const isHalf = 2n * rest === denominator;
  const up = isHalf ? whole % 2n === 1n : 2n * rest > denominator;
  const rounded = up ? whole + 1n : whole;
  return numerator < 0n ? -rounded : rounded;
}
