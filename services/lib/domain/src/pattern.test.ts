import { runs } from "@raingauge/test/generators/hunt.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { covers, fits, meet } from "./pattern.ts";

const aPattern = fc.stringMatching(/^[ab*]{0,4}$/);
/** Every word of up to eight letters over a and b: enough for two patterns of four to meet in, if they meet. */
const WORDS = Array.from({ length: 9 }, (_, length) => words(length)).flat();

describe("patterns", () => {
  it.each([
    ["m1.small", "m1.small", true],
    ["m1.small", "m1xsmall", false],
    ["m1.*", "m1.small", true],
    ["m1.*", "m1.", true],
    ["m1.*", "c1.small", false],
    ["*.small", "m1.small", true],
    ["*", "", true],
    ["*", "two\nlines", true],
    ["a*b*c", "a-b-c", true],
    ["a(*", "a(b", true],
  ])("%j fits %j: %s", (pattern, value, expected) => {
    expect(fits(pattern, value)).toBe(expected);
  });

  it("fit no value that is missing", () => {
    expect(fits("*", undefined)).toBe(false);
  });

  it("meet exactly where one value fits both", () => {
    fc.assert(
      fc.property(aPattern, aPattern, (a, b) => {
        expect(meet(a, b)).toBe(WORDS.some((word) => fits(a, word) && fits(b, word)));
      }),
      { numRuns: runs(1_000) },
    );
  });

  it("cover another only where all that fits it fits them", () => {
    fc.assert(
      fc.property(aPattern, aPattern, (outer, inner) => {
        fc.pre(covers(outer, inner));
        expect(WORDS.filter((word) => fits(inner, word) && !fits(outer, word))).toEqual([]);
      }),
      { numRuns: runs(500) },
    );
  });
});

function words(length: number): string[] {
  return length === 0 ? [""] : words(length - 1).flatMap((word) => [`${word}a`, `${word}b`]);
}
