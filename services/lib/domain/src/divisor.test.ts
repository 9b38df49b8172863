import { runs } from "@raingauge/test/generators/hunt.ts";
import fc from "fast-check";
import { expect, it } from "vitest";
import { divisorOf } from "./divisor.ts";

const sizes = fc.oneof(
  fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }),
  fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }),
  fc.bigInt({ min: 0n, max: 2n ** 130n }),
);

/** Euclid's own, in whole numbers of any size. */
const euclid = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : euclid(b, a % b));

it("is Euclid's, on either side of what a number holds exactly", () => {
  fc.assert(
    fc.property(sizes, sizes, fc.bigInt({ min: 1n, max: 2n ** 40n }), (a, b, common) => {
      const expected = euclid(a * common, b * common);

      expect(divisorOf(a * common, b * common)).toBe(expected === 0n ? 1n : expected < 0n ? -expected : expected);
    }),
    { numRuns: runs(1_000) },
  );
});
