import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compare,
  decimal,
  fixed,
  minus,
  parseDecimal,
  plus,
  type Rational,
  rational,
  roundHalfUp,
  sum,
  times,
  ZERO,
} from "./rational.ts";

const aFraction: fc.Arbitrary<Rational> = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.bigInt({ min: 1n, max: 10n ** 12n }))
  .map(([numerator, denominator]) => rational(numerator, denominator));

const negative = (value: Rational): Rational => minus(ZERO, value);

describe("fractions", () => {
  it("have one form each, in lowest terms and with a positive denominator", () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n }), fc.bigInt({ min: 1n, max: 1_000_000n }), (n, d, factor) => {
        expect(rational(n * factor, d * factor)).toEqual(rational(n, d));
        expect(rational(n, -d)).toEqual(rational(-n, d));
        expect(rational(n, -d).denominator).toBeGreaterThan(0n);
      }),
    );
  });

  it("add up to the same sum in whatever order", () => {
    fc.assert(
      fc.property(
        fc
          .array(aFraction)
          .chain((terms) => fc.tuple(fc.constant(terms), fc.shuffledSubarray(terms, { minLength: terms.length }))),
        ([terms, shuffled]) => {
          expect(sum(shuffled)).toEqual(sum(terms));
        },
      ),
    );
  });

  it("obey the laws of a field", () => {
    fc.assert(
      fc.property(aFraction, aFraction, aFraction, (a, b, c) => {
        expect(times(a, plus(b, c))).toEqual(plus(times(a, b), times(a, c)));
        expect(minus(plus(a, b), b)).toEqual(a);
      }),
    );
  });

  it("are ordered as their difference says", () => {
    fc.assert(
      fc.property(aFraction, aFraction, (a, b) => {
        const { numerator } = minus(a, b);

        expect(Math.sign(compare(a, b))).toBe(numerator < 0n ? -1 : numerator > 0n ? 1 : 0);
      }),
    );
  });

  it("have no zero below", () => {
    expect(() => rational(1n, 0n)).toThrow(RangeError);
  });
});

describe("rounding", () => {
  it("goes to the nearest whole number, a half away from zero", () => {
    fc.assert(
      fc.property(aFraction, (value) => {
        const off = minus(rational(roundHalfUp(value)), value);

        expect(compare(off, rational(1n, 2n))).toBeLessThanOrEqual(0);
        expect(compare(off, rational(-1n, 2n))).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("of a credit mirrors its charge", () => {
    fc.assert(
      fc.property(aFraction, (value) => {
        expect(roundHalfUp(negative(value))).toBe(-roundHalfUp(value));
      }),
    );
  });

  it.each([
    [1n, 2n, 1n],
    [-1n, 2n, -1n],
    [3n, 2n, 2n],
    [5n, 2n, 3n],
    [49n, 100n, 0n],
    [51n, 100n, 1n],
  ])("takes %d/%d to %d", (n, d, whole) => {
    expect(roundHalfUp(rational(n, d))).toBe(whole);
  });
});

describe("decimal digits", () => {
  const aDecimal = fc.tuple(fc.bigInt(), fc.nat(18)).map(([scaled, places]) => ({ scaled, places }));

  it("are read exactly as they are written", () => {
    fc.assert(
      fc.property(aDecimal, ({ scaled, places }) => {
        expect(parseDecimal(fixed(scaled, places))).toEqual(rational(scaled, 10n ** BigInt(places)));
      }),
    );
  });

  it("shown and read again are the same number, if they are all shown", () => {
    fc.assert(
      fc.property(aDecimal, ({ scaled, places }) => {
        const value = rational(scaled, 10n ** BigInt(places));

        expect(parseDecimal(decimal(value, places))).toEqual(value);
      }),
    );
  });

  it.each([
    ["0.10", "0.1"],
    ["1", "1"],
    ["100", "100"],
    ["0.005", "0.01"],
    ["-0.005", "-0.01"],
    ["-0.001", "0"],
    ["10.00", "10"],
  ])("of %s, to two places and without trailing zeros, are %s", (digits, shown) => {
    expect(decimal(parseDecimal(digits), 2)).toBe(shown);
  });

  it.each(["", "1e3", "1,5", ".5", "5.", "+1", "0x10", "NaN", "1 000", "--1", "١"])("are not %j", (text) => {
    expect(() => parseDecimal(text)).toThrow(RangeError);
  });
});
