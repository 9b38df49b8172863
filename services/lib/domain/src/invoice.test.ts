import { termsOf } from "@raingauge/test/generators/terms.ts";
import {
  book,
  JANUARY,
  JANUARY_MS,
  price,
  someUsages,
  tiers,
  traffic,
  usage,
} from "@raingauge/test/generators/usage.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rate } from "./charge.ts";
import { at, HOUR_MS } from "./instant.ts";
import { type Invoice, invoice } from "./invoice.ts";
import { formatMinor, toMinor } from "./money.ts";
import { rational, sum, times } from "./rational.ts";
import type { Usage } from "./usage.ts";

const each = (name: string, amount: string) => price({ sku: name, where: { flavor: name }, tiers: tiers([amount]) });
const prices = [
  each("m1.small", "0.0201"),
  each("m1.large", "0.0803"),
  price({ sku: "off", where: { flavor: "*", state: "stopped" }, tiers: tiers(["0.001"]) }),
];

const bill = (usages: readonly Usage[], terms = book(prices)): Invoice =>
  invoice(rate(usages, terms, JANUARY_MS), termsOf("acme", JANUARY, terms));

describe("an invoice", () => {
  it("adds up: its total is the sum of the lines as they are printed", () => {
    fc.assert(
      fc.property(someUsages, (usages) => {
        const { lines, total } = bill(usages);

        expect(lines.reduce((sum, { amount }) => sum + amount, 0n)).toBe(total);
        expect(lines.every(({ amount, cost }) => amount === toMinor(cost, "EUR"))).toBe(true);
        expect(lines.map(({ position }) => position)).toEqual(lines.map((_, index) => index + 1));
      }),
    );
  });

  it("has lines whose tiers add up to their quantity and their cost", () => {
    fc.assert(
      fc.property(someUsages, (usages) => {
        for (const { units, cost, tiers: poured } of bill(usages).lines) {
          expect(sum(poured.map((tier) => tier.units))).toEqual(units);
          expect(sum(poured.map((tier) => tier.cost))).toEqual(cost);
        }
      }),
    );
  });

  it("rounds each line once, half up, and not the sum: three lines of 0.333 are 0.99", () => {
    const thirds = ["a", "b", "c"].map((name) => each(name, "0.333"));
    const used = ["a", "b", "c"].map((flavor) => usage({ dimensions: { flavor } }));

    expect(formatMinor(bill(used, book(thirds)).total, "EUR")).toBe("0.99");
  });

  it("rounds a line and not its resources: three machines of 0.333 on one line are 1.00", () => {
    const used = ["vm-1", "vm-2", "vm-3"].map((resource) => usage({ resource }));
    const { lines, total } = bill(used, book([price({ tiers: tiers(["0.333"]) })]));

    expect(lines).toMatchObject([{ resources: 3, amount: 100n }]);
    expect(total).toBe(100n);
  });

  it("says of each line how much was seen and how much was inferred", () => {
    const seen = usage({
      evidence: { readings: 3, observedMs: HOUR_MS, inferredMs: 0, afterEnd: 1, counterDropped: 0 },
    });
    const inferred = usage({
      resource: "vm-2",
      evidence: { readings: 2, observedMs: 0, inferredMs: HOUR_MS, afterEnd: 0, counterDropped: 0 },
    });

    expect(bill([seen, inferred]).lines).toMatchObject([
      { evidence: { readings: 5, observedMs: HOUR_MS, inferredMs: HOUR_MS, afterEnd: 1 } },
    ]);
  });

  it("names the machine where a price counts each by itself", () => {
    const { lines } = bill([usage(), usage({ resource: "vm-2" })], book([price({ scope: "resource" })]));

    expect(lines.map(({ resource, resources }) => [resource, resources])).toEqual([
      ["vm-1", 1],
      ["vm-2", 1],
    ]);
  });

  it("is in the book's currency and its smallest unit", () => {
    const yen = book([price({ tiers: tiers(["0.75"]) })], { currency: "JPY" });

    expect(bill([usage({ quantity: 744n * BigInt(HOUR_MS) })], yen)).toMatchObject({ currency: "JPY", total: 558n });
  });

  it("is of one project: another's charge is refused", () => {
    const terms = book(prices);
    const foreign = rate([usage({ project: "globex" })], terms, JANUARY_MS);

    expect(() => invoice(foreign, termsOf("acme", JANUARY, terms))).toThrow(RangeError);
  });

  const tenthOff = prices.map((one) => ({ ...one, discountPercent: rational(10n) }));

  it("gives a discount in a line of its own, on what is printed above it", () => {
    const one = price({ tiers: tiers(["12.345"]), discountPercent: rational(10n) });

    expect(bill([usage()], book([one], { discountPercent: rational(50n) })).lines).toMatchObject([
      { position: 1, sku: "instance", amount: 1235n },
      { position: 2, sku: "instance", kind: "discount", description: "10 % off Instance", amount: -124n, resources: 0 },
      { position: 3, sku: "discount", kind: "discount", description: "50 % off everything", amount: -556n },
    ]);
  });

  it("never discounts more than there is", () => {
    const somePercent = fc.integer({ min: 1, max: 100 }).map((percent) => rational(BigInt(percent)));

    fc.assert(
      fc.property(someUsages, somePercent, somePercent, (usages, own, whole) => {
        const discounted = prices.map((one) => ({ ...one, discountPercent: own }));
        const { lines, total } = bill(usages, book(discounted, { discountPercent: whole }));

        expect(total).toBeGreaterThanOrEqual(0n);
        for (const { sku } of lines.filter(({ kind }) => kind === undefined)) {
          const left = lines.filter((line) => line.sku === sku).reduce((sum, { amount }) => sum + amount, 0n);
          expect(left).toBeGreaterThanOrEqual(0n);
        }
      }),
    );
  });

  it("adds up with discounts as well, whatever the order of usages", () => {
    fc.assert(
      fc.property(someUsages, (usages) => {
        const terms = book(tenthOff, { discountPercent: rational(3n) });
        const { lines, total } = bill(usages, terms);

        expect(lines.reduce((sum, { amount }) => sum + amount, 0n)).toBe(total);
        expect(lines.every(({ amount, cost }) => amount === toMinor(cost, "EUR"))).toBe(true);
        expect(bill(usages.toReversed(), terms)).toEqual(bill(usages, terms));
      }),
    );
  });

  it("is made up to the minimum by a line of its own, after discounts, and never beyond it", () => {
    const someMinimum = fc.bigInt({ min: 1n, max: 10n ** 7n }).map((mills) => rational(mills, 1000n));
    const someInstant = fc.integer({ min: JANUARY.start, max: JANUARY.end }).map(at);

    fc.assert(
      fc.property(someUsages, someMinimum, someInstant, (usages, amount, since) => {
        const without = bill(usages, book(tenthOff));
        const { lines, total } = bill(usages, book(tenthOff, { minimum: { amount, since } }));
        const share = rational(BigInt(JANUARY.end - since), JANUARY_MS);
        const owed = without.lines.length === 0 ? 0n : toMinor(times(amount, share), "EUR");

        expect(total).toBe(without.total > owed ? without.total : owed);
        expect(lines.slice(0, without.lines.length)).toEqual(without.lines);
        expect(lines.reduce((sum, line) => sum + line.amount, 0n)).toBe(total);
      }),
    );
  });

  it("owes no minimum that begins later, nor of a project that used nothing", () => {
    const minimum = { amount: rational(100n), since: JANUARY.end };

    expect(bill([usage()], book(prices, { minimum })).total).toBe(2n);
    expect(bill([], book(prices, { minimum: { amount: rational(100n) } })).total).toBe(0n);
    expect(bill([usage()], book(prices, { minimum: { amount: rational(100n) } })).total).toBe(10_000n);
  });

  it("of nothing is nothing", () => {
    expect(bill([traffic(0n)])).toMatchObject({ lines: [], total: 0n });
  });
});
