import { tiers } from "@raingauge/test/generators/usage.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { modelled, type PriceModel } from "./price-model.ts";
import { compare, decimal, minus, parseDecimal, type Rational, rational, sum, times, ZERO } from "./rational.ts";

const steps = tiers(["100", "0.10"], ["1000", "0.08"], ["0.05"]);
const someUnits = fc
  .tuple(fc.bigInt({ min: 1n, max: 10n ** 7n }), fc.bigInt({ min: 1n, max: 5_000n }))
  .map(([n, d]) => rational(n, d));
const costOf = (units: Rational, model?: PriceModel): Rational =>
  sum(modelled(units, steps, model).map(({ cost }) => cost));
const told = (units: string, model?: PriceModel): string[][] =>
  modelled(parseDecimal(units), steps, model).map((tier) => [decimal(tier.units, 6), decimal(tier.cost, 6)]);

describe("every model", () => {
  it.each([undefined, "volume"] as const)("charges each unit exactly once: %s", (model) => {
    fc.assert(
      fc.property(someUnits, (units) => {
        const charged = modelled(units, steps, model);

        expect(sum(charged.map((tier) => tier.units))).toEqual(units);
        expect(charged.every((tier) => compare(tier.cost, times(tier.units, tier.amount)) === 0)).toBe(true);
      }),
    );
  });

  it.each([undefined, "volume", "package"] as const)("charges nothing for nothing: %s", (model) => {
    expect(costOf(ZERO, model)).toEqual(ZERO);
  });
});

describe("package", () => {
  it.each([
    ["0.5", "1"],
    ["1", "1"],
    ["1.000001", "2"],
    ["12", "12"],
  ])("of %s units is %s, for one that was started is sold", (units, sold) => {
    expect(told(units, "package").map(([count]) => count)).toEqual([sold]);
  });

  it("sells less than one unit that was not used", () => {
    fc.assert(
      fc.property(someUnits, (units) => {
        const sold = sum(modelled(units, steps, "package").map((tier) => tier.units));

        expect(compare(sold, units)).toBeGreaterThanOrEqual(0);
        expect(compare(minus(sold, units), rational(1n))).toBe(-1);
      }),
    );
  });
});

describe("volume", () => {
  it.each([
    ["100", [["100", "10"]]],
    ["100.000001", [["100.000001", "8"]]],
    ["1000", [["1000", "80"]]],
    ["1001", [["1001", "50.05"]]],
  ])("puts the whole of %s into the tier that it reaches, and a tier holds its ceiling", (units, expected) => {
    expect(told(units, "volume")).toEqual(expected);
  });

  it("never costs more than graduated where each tier is cheaper than the one before", () => {
    fc.assert(
      fc.property(someUnits, (units) => {
        expect(compare(costOf(units, "volume"), costOf(units))).toBeLessThanOrEqual(0);
      }),
    );
  });
});
