import { termsOf } from "@raingauge/test/generators/terms.ts";
import { book, JANUARY, JANUARY_MS, price, someUsages, tiers, usage } from "@raingauge/test/generators/usage.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rate } from "./charge.ts";
import { type AvailableCredit, drawn, payable } from "./credit.ts";
import { instant } from "./instant.ts";
import { type Invoice, invoice } from "./invoice.ts";
import type { PriceBook } from "./price.ts";
import { rational } from "./rational.ts";
import type { Usage } from "./usage.ts";

const credit = (id: string, left: bigint, told: Partial<AvailableCredit> = {}): AvailableCredit => ({
  id,
  account: "acme",
  kind: "promotional",
  currency: "EUR",
  amount: left,
  left,
  priority: 0,
  note: "",
  ...told,
});
const each = (name: string, amount: string) => price({ sku: name, where: { flavor: name }, tiers: tiers([amount]) });
const SHOP = book([each("a", "10.00"), each("b", "20.00")]);

const bill = (usages: readonly Usage[], credits: readonly AvailableCredit[], terms: PriceBook = SHOP): Invoice =>
  invoice(rate(usages, terms, JANUARY_MS), {
    ...termsOf("acme", JANUARY, terms),
    projects: ["acme", "globex"].map((id) => ({ id, period: JANUARY })),
    tax: { category: "S", rate: rational(10n) },
    credits,
  });

/** Ten and twenty of acme, ten of globex. */
const used = [
  usage({ dimensions: { flavor: "a" } }),
  usage({ dimensions: { flavor: "b" } }),
  usage({ project: "globex", dimensions: { flavor: "a" } }),
];
const drawnBy = (...credits: readonly AvailableCredit[]) =>
  Object.fromEntries(drawn(bill(used, credits)).map(({ credit: id, amount }) => [id, amount]));

describe("credit", () => {
  it("never draws more than it has, nor more than is left to pay", () => {
    const some = fc
      .record({
        left: fc.bigInt({ min: 1n, max: 10_000n }),
        kind: fc.constantFrom<AvailableCredit["kind"]>("promotional", "prepaid"),
        skus: fc.constantFrom(undefined, ["m1.*"], ["off"]),
        projects: fc.constantFrom(undefined, ["globex"]),
      })
      .map(({ left, kind, skus, projects }) => ({
        ...credit("", left, { kind }),
        ...(skus === undefined ? {} : { skus }),
        ...(projects === undefined ? {} : { projects }),
      }));
    const terms = book(
      [
        each("m1.small", "0.31"),
        each("m1.large", "0.83"),
        price({ sku: "off", where: { flavor: "*", state: "stopped" } }),
      ],
      {
        discountPercent: rational(7n),
        minimum: { amount: rational(3n) },
      },
    );
    fc.assert(
      fc.property(someUsages, fc.array(some, { maxLength: 5 }), (usages, told) => {
        const credits = told.map((one, index) => ({ ...one, id: `c${index}` }));
        const made = bill(usages, credits, terms);

        expect(made.net >= 0n && payable(made) >= 0n).toBe(true);
        for (const { credit: id, amount } of drawn(made)) {
          expect(amount > 0n).toBe(true);
          expect(amount <= (credits.find((one) => one.id === id)?.left ?? 0n)).toBe(true);
        }
      }),
    );
  });

  it("that was given lessens what is taxed, that was paid does not", () => {
    expect(bill(used, [credit("x", 1_000n)])).toMatchObject({ net: 3_000n, total: 3_300n });
    const paid = bill(used, [credit("x", 1_000n, { kind: "prepaid" })]);
    expect([paid.net, paid.total, payable(paid)]).toEqual([4_000n, 4_400n, 3_400n]);
  });

  it.each([
    ["articles", { skus: ["a"] }, 2_000n],
    ["patterns of articles", { skus: ["b*"] }, 2_000n],
    ["projects", { projects: ["globex"] }, 1_000n],
    ["articles of projects", { skus: ["b"], projects: ["globex"] }, undefined],
    ["another currency", { currency: "CHF" }, undefined],
    ["a time that is over", { until: JANUARY.start }, undefined],
    ["a time to come", { since: JANUARY.end }, undefined],
    ["the last day of the month", { since: instant("2026-01-31T00:00:00Z") }, 4_000n],
  ] as const)("for %s draws for nothing else", (_name, told, amount) => {
    expect(drawnBy(credit("x", 100_000n, told))).toEqual(amount === undefined ? {} : { x: amount });
  });

  it("leaves to the next what the one before it did not pay for", () => {
    expect(drawnBy(credit("narrow", 10_000n, { skus: ["a"] }), credit("wide", 10_000n, { priority: 1 }))).toEqual({
      narrow: 2_000n,
      wide: 2_000n,
    });
  });

  it("pays by prepaid credit the tax of what it is for as well", () => {
    expect(drawnBy(credit("x", 100_000n, { kind: "prepaid", projects: ["globex"] }))).toEqual({ x: 1_100n });
  });
});
