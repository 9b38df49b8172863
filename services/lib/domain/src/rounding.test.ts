import { describe, expect, it } from "vitest";
import { toMinor } from "./money.ts";
import { parseDecimal } from "./rational.ts";

describe("a half of the smallest unit", () => {
  it.each([
    ["0.125", "half-up", 13n],
    ["0.125", "half-even", 12n],
    ["-0.125", "half-up", -13n],
    ["-0.125", "half-even", -12n],
    ["0.135", "half-even", 14n],
    ["0.1251", "half-even", 13n],
    ["0.1249", "half-up", 12n],
  ] as const)("%s is rounded %s to %s cents", (amount, rounding, cents) => {
    expect(toMinor(parseDecimal(amount), "EUR", rounding)).toBe(cents);
  });
});
