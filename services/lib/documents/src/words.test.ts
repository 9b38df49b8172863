import { at, parseDecimal, rational } from "@raingauge/domain";
import { expect, it } from "vitest";
import { monthOrDays } from "./dates.ts";
import { inferred, seen } from "./evidence.ts";
import { arithmetic, duration, grouped, pricesInWords, units } from "./words.ts";

const tier = (units: string, amount: string) => ({
  units: parseDecimal(units),
  amount: parseDecimal(amount),
  cost: rational(0n),
});

it("tells the arithmetic of a line tier by tier, with its one rounding", () => {
  const line = {
    tiers: [tier("100", "0"), tier("250.5", "0.05")],
    unit: "GB",
    cost: parseDecimal("12.525"),
    amount: 1253n,
  };

  expect(arithmetic(line, { currency: "EUR", rounding: "half-up" })).toBe(
    "100 GB × 0 EUR + 250.5 GB × 0.05 EUR = 12.525 EUR, rounded half up to 12.53 EUR",
  );
});

it("says that a volume price is for the whole quantity", () => {
  const line = {
    tiers: [tier("150", "0.08")],
    unit: "GB",
    model: "volume",
    cost: parseDecimal("12"),
    amount: 1200n,
  } as const;

  expect(arithmetic(line, { currency: "EUR", rounding: "half-up" })).toBe(
    "150 GB × 0.08 EUR = 12 EUR, rounded half up to 12.00 EUR; the whole quantity at the price of the tier that it reaches",
  );
});

it("says how many packages were started, which is more than was used", () => {
  const line = {
    tiers: [tier("3", "5")],
    unit: "100 GB",
    model: "package",
    cost: parseDecimal("15"),
    amount: 1500n,
  } as const;

  expect(arithmetic(line, { currency: "EUR", rounding: "half-up" })).toBe(
    "3 100 GB × 5 EUR = 15 EUR, rounded half up to 15.00 EUR; 3 started, each of which counts as a whole one",
  );
});

it("says how much was free before anything was priced", () => {
  const line = {
    tiers: [tier("20", "0.05")],
    unit: "GB",
    freeUnits: rational(100n, 3n),
    cost: parseDecimal("1"),
    amount: 100n,
  };

  expect(arithmetic(line, { currency: "EUR", rounding: "half-up" })).toBe(
    "20 GB × 0.05 EUR = 1 EUR, rounded half up to 1.00 EUR; ≈ 33.333333 GB free under the allowance",
  );
});

it("subtracts what a cap took off where the reader can follow", () => {
  const line = {
    tiers: [tier("700", "0.01488")],
    unit: "instance hour",
    capped: parseDecimal("0.416"),
    cost: parseDecimal("10"),
    amount: 1000n,
  };

  expect(arithmetic(line, { currency: "EUR", rounding: "half-up" })).toBe(
    "700 instance hour × 0.01488 EUR − 0.416 EUR above the cap = 10 EUR, rounded half up to 10.00 EUR",
  );
});

it("never passes off a cut-off fraction as the whole of it", () => {
  expect(units(rational(137n, 3600n))).toBe("≈ 0.038056");
  expect(units(rational(1n, 8n))).toBe("0.125");
});

it("names a single price alone and several by their order", () => {
  expect(pricesInWords([tier("7", "0.02")])).toEqual(["0.02"]);
  expect(pricesInWords([tier("1000", "0"), tier("5", "0.05")])).toEqual(["first 1\u202f000 at 0", "next 5 at 0.05"]);
});

it.each([
  ["1234567.891", "1\u202f234\u202f567.891"],
  ["999", "999"],
  ["-1000", "-1\u202f000"],
  ["≈ 0.038056", "≈ 0.038056"],
])("groups %s by thousands before the point only", (digits, expected) => {
  expect(grouped(digits)).toBe(expected);
});

it.each([
  [0, "0 s"],
  [1, "1 ms"],
  [137_000, "2 min 17 s"],
  [743 * 3_600_000, "743 h"],
])("tells %i ms as %s", (ms, expected) => {
  expect(duration(ms)).toBe(expected);
});

it.each([
  [1000, 0, "100 %", "0 %"],
  [999_999, 1, "99.9 %", "0.1 %"],
  [0, 5, "0 %", "100 %"],
  [1, 999_999, "0 %", "100 %"],
])(
  "of %i ms seen and %i inferred it never claims to have seen more",
  (observedMs, inferredMs, shownSeen, shownInferred) => {
    const evidence = { readings: 1, observedMs, inferredMs };

    expect([seen(evidence), inferred(evidence)]).toEqual([shownSeen, shownInferred]);
  },
);

it("calls a month a month in its own zone only", () => {
  const period = { start: at(Date.UTC(2026, 1, 28, 23)), end: at(Date.UTC(2026, 2, 31, 22)) };

  expect(monthOrDays(period, "Europe/Berlin")).toBe("March 2026");
  expect(monthOrDays(period, "UTC")).toBe("28 February 2026 – 31 March 2026");
});
