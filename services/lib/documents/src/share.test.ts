import { parseDecimal, rational, roundHalfUp, sum, times } from "@raingauge/domain";
import fc from "fast-check";
import { expect, it } from "vitest";
import { roundTo } from "./share.ts";

it.each([
  ["1.00", ["0.333333", "0.333333", "0.333334"], [33n, 33n, 34n]],
  ["0.05", ["0.021", "0.014", "0.015"], [2n, 1n, 2n]],
  ["-0.03", ["-0.01", "-0.01", "-0.01"], [-1n, -1n, -1n]],
])("rounds the parts of %s so that they add up", (amount, exact, parts) => {
  expect(roundTo(roundHalfUp(times(parseDecimal(amount), rational(100n))), exact.map(parseDecimal), 2)).toEqual(parts);
});

it("never loses a cent and moves no part by a whole one", () => {
  const fraction = fc
    .tuple(fc.bigInt(-(10n ** 9n), 10n ** 9n), fc.bigInt(1n, 10n ** 6n))
    .map(([a, b]) => rational(a, b));
  fc.assert(
    fc.property(fc.array(fraction, { minLength: 1, maxLength: 8 }), (exact) => {
      const amount = roundHalfUp(times(sum(exact), rational(100n)));

      const parts = roundTo(amount, exact, 2);

      expect(parts.reduce((total, part) => total + part, 0n)).toBe(amount);
      for (const [index, part] of parts.entries()) {
        const { numerator, denominator } = times(exact[index] ?? rational(0n), rational(100n));
        const off = part * denominator - numerator;
        expect(off < denominator && off > -denominator).toBe(true);
      }
    }),
  );
});
