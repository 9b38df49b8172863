import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocate } from "./allocate.ts";
import { minus, rational, sum, times, ZERO } from "./rational.ts";

const someWeights = fc.array(
  fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 6n }), fc.bigInt({ min: 1n, max: 997n })).map(([n, d]) => rational(n, d)),
  { minLength: 1, maxLength: 8 },
);
const someTotal = fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n });

describe("splitting an amount", () => {
  it("loses nothing and makes nothing", () => {
    fc.assert(
      fc.property(someTotal, someWeights, (total, weights) => {
        expect(allocate(total, weights).reduce((all, part) => all + part, 0n)).toBe(total);
      }),
    );
  });

  it("gives each less than one unit more or less than its exact share", () => {
    fc.assert(
      fc.property(someTotal, someWeights, (total, weights) => {
        const whole = sum(weights);
        fc.pre(whole.numerator > 0n);

        for (const [index, part] of allocate(total, weights).entries()) {
          const exact = times(
            times(rational(total), weights[index] ?? ZERO),
            rational(whole.denominator, whole.numerator),
          );
          const { numerator, denominator } = minus(rational(part), exact);

          expect(numerator < denominator && -numerator < denominator).toBe(true);
        }
      }),
    );
  });

  it("of a credit mirrors that of its charge", () => {
    fc.assert(
      fc.property(someTotal, someWeights, (total, weights) => {
        expect(allocate(-total, weights)).toEqual(allocate(total, weights).map((part) => -part));
      }),
    );
  });

  it("gives nothing to what weighs nothing beside what does", () => {
    expect(
      allocate(
        100n,
        [0n, 1n, 0n].map((weight) => rational(weight)),
      ),
    ).toEqual([0n, 100n, 0n]);
  });

  it("gives all of it to the first where nothing weighs anything", () => {
    expect(allocate(5n, [ZERO, ZERO])).toEqual([5n, 0n]);
  });
});
