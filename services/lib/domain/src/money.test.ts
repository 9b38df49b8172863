import { describe, expect, it } from "vitest";
import { formatMinor, minorDigits, toMinor } from "./money.ts";
import { parseDecimal } from "./rational.ts";

describe("money", () => {
  it.each([
    ["12.345", "EUR", "12.35"],
    ["-12.345", "EUR", "-12.35"],
    ["0.0049999", "EUR", "0.00"],
    ["0.5", "JPY", "1"],
    ["1.2345", "KWD", "1.235"],
    ["1.00005", "CLF", "1.0001"],
  ])("%s %s is rounded once, to %s", (amount, currency, shown) => {
    expect(formatMinor(toMinor(parseDecimal(amount), currency), currency)).toBe(shown);
  });

  it("has two decimal places in a currency that says nothing else", () => {
    expect([minorDigits("EUR"), minorDigits("HUF")]).toEqual([2, 2]);
  });
});
