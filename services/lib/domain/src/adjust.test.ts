import { termsOf } from "@raingauge/test/generators/terms.ts";
import { book, JANUARY, JANUARY_MS, price, someUsages, tiers, usage } from "@raingauge/test/generators/usage.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adjust, takeBack, totalOf } from "./adjust.ts";
import { rate } from "./charge.ts";
import { type Invoice, invoice } from "./invoice.ts";
import { formatMinor } from "./money.ts";
import type { PriceBook } from "./price.ts";
import { parseDecimal, rational } from "./rational.ts";
import type { TaxTreatment } from "./tax.ts";
import type { Usage } from "./usage.ts";

const VAT: TaxTreatment = { category: "S", rate: rational(19n) };

const bill = (usages: readonly Usage[], terms: PriceBook, tax: TaxTreatment | undefined = VAT): Invoice =>
  invoice(rate(usages, terms, JANUARY_MS), { ...termsOf("acme", JANUARY, terms), tax });

interface Said {
  readonly number: string;
  readonly hash: string;
  readonly invoice: Invoice;
}

/** Issues what there is to correct, as a ledger would. */
const settled = (documents: readonly Said[], due: Invoice): Said[] => {
  const next = documents.length === 0 ? due : adjust(documents, due, "late readings");
  const number = `RG-${documents.length + 1}`;
  return next === undefined ? [...documents] : [...documents, { number, hash: `hash of ${number}`, invoice: next }];
};

const each = (name: string, amount: string) => price({ sku: name, where: { flavor: name }, tiers: tiers([amount]) });

/** Books that use whatever makes a bill more than a sum: tiers, caps, allowances, packages, discounts, a minimum. */
const someBook = fc
  .record({
    amount: fc.constantFrom("0.0201", "0.333", "12.345"),
    cap: fc.constantFrom(undefined, "0.50", "7"),
    allowance: fc.constantFrom(undefined, 3n),
    off: fc.constantFrom(undefined, 7n),
    whole: fc.constantFrom(undefined, 3n),
    minimum: fc.constantFrom(undefined, 25n),
    model: fc.constantFrom("volume", "package", undefined),
  })
  .map(({ amount, cap, allowance, off, whole, minimum, model }) =>
    book(
      [
        price({
          sku: "any",
          scope: cap === undefined ? "project" : "resource",
          tiers: model === "package" ? tiers([amount]) : tiers(["10", amount], ["0.0107"]),
          ...(model === undefined ? {} : { model }),
          ...(cap === undefined ? {} : { cap: parseDecimal(cap) }),
          ...(allowance === undefined ? {} : { allowance: rational(allowance) }),
          ...(off === undefined ? {} : { discountPercent: rational(off) }),
        }),
        each("m1.large", "0.0803"),
      ],
      {
        ...(whole === undefined ? {} : { discountPercent: rational(whole) }),
        ...(minimum === undefined ? {} : { minimum: { amount: rational(minimum) } }),
      },
    ),
  );

const someTax = fc.constantFrom<TaxTreatment | undefined>(
  VAT,
  { category: "S", rate: rational(7n) },
  {
    category: "AE",
    rate: rational(0n),
    reason: { text: "Reverse charge" },
  },
);

describe("corrections", () => {
  it("add up: all documents together are the bill from scratch, whatever came late, twice, was removed or repriced, in any order", () => {
    const known = fc.array(fc.tuple(someUsages, someBook, someTax), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(known, (steps) => {
        const bills = steps.map(([usages, terms, tax]) => bill(usages, terms, tax));

        const documents = bills.reduce<Said[]>(settled, []);

        const last = bills.at(-1) as Invoice;
        expect(totalOf(documents)).toBe(last.total);
        expect(documents.reduce((sum, each) => sum + each.invoice.net, 0n)).toBe(last.net);
        for (const key of ["S 19/1", "S 7/1", "AE 0/1"])
          expect(taxIn(documents, key)).toBe(taxIn([{ invoice: last }], key));
        expect(adjust(documents, last, "again")).toBeUndefined();
      }),
    );
  });

  it("add up in themselves: net is the sum of the lines, and the total that of net and taxes", () => {
    fc.assert(
      fc.property(someUsages, someUsages, someBook, (before, after, terms) => {
        const [, correction] = settled(settled([], bill(before, terms)), bill(after, terms));
        if (correction === undefined) return;
        const { lines, net, taxes, total, kind } = correction.invoice;

        expect(lines.reduce((sum, { amount }) => sum + amount, 0n)).toBe(net);
        expect(taxes.reduce((sum, { tax }) => sum + tax, net)).toBe(total);
        expect(lines.every(({ amount, change }) => change !== undefined && change.due - change.billed === amount)).toBe(
          true,
        );
        expect(kind).toBe(total > 0n ? "debit-note" : "credit-note");
      }),
    );
  });

  it("taken back whole, leave nothing", () => {
    fc.assert(
      fc.property(fc.array(someUsages, { minLength: 1, maxLength: 4 }), someBook, (steps, terms) => {
        const documents = steps.map((usages) => bill(usages, terms)).reduce<Said[]>(settled, []);
        const note = takeBack(documents, "wrong buyer");
        const all = note === undefined ? documents : [...documents, { number: "", hash: "", invoice: note }];

        expect(totalOf(all)).toBe(0n);
        expect(all.reduce((sum, each) => sum + each.invoice.net, 0n)).toBe(0n);
      }),
    );
  });

  it("credit three lines of 0.33 with a tax of 0.06, 0.07 and 0.06: together the 0.19 that was charged", () => {
    const flavors = ["a", "b", "c"];
    const terms = book(flavors.map((name) => each(name, "0.33")));
    const left = (names: readonly string[]) =>
      bill(
        names.map((flavor) => usage({ dimensions: { flavor } })),
        terms,
      );

    const documents = [flavors, ["b", "c"], ["c"], []].map(left).reduce<Said[]>(settled, []);

    expect(documents.map((document) => document.invoice.taxes[0]?.tax)).toEqual([19n, -6n, -7n, -6n]);
    expect(totalOf(documents)).toBe(0n);
  });

  it.each([
    ["a volume price that reprices all", "volume", ["15", "10"], ["5"], 15, 16, "-70.00"],
    ["a tier that is reached", undefined, ["1000", "0.08"], ["0.05"], 990, 1010, "1.30"],
  ] as const)("of %s are what the bill changes by", (_name, model, low, high, was, now, difference) => {
    const terms = book([price({ tiers: tiers(low, high), ...(model === undefined ? {} : { model }) })]);
    const of = (hours: number) => bill([usage({ quantity: BigInt(hours) * 3_600_000n })], terms, undefined);
    const [, note] = settled(settled([], { ...of(was), taxes: [], total: of(was).net }), {
      ...of(now),
      taxes: [],
      total: of(now).net,
    });

    expect(formatMinor(note?.invoice.net ?? 0n, "EUR")).toBe(difference);
  });

  it("name the document that they correct and the newest before them", () => {
    const terms = book([each("a", "1")]);
    const hours = (count: bigint) =>
      bill([usage({ dimensions: { flavor: "a" }, quantity: count * 3_600_000n })], terms);

    const [, first, second] = [hours(1n), hours(2n), hours(3n)].reduce<Said[]>(settled, []);

    expect(first?.invoice.corrects).toMatchObject({ number: "RG-1", hash: "hash of RG-1", after: "hash of RG-1" });
    expect(second?.invoice.corrects).toMatchObject({ number: "RG-1", hash: "hash of RG-1", after: "hash of RG-2" });
    expect(second?.invoice.lines).toMatchObject([
      { kind: "correction", amount: 100n, change: { billed: 200n, due: 300n } },
    ]);
  });
});

const taxIn = (documents: readonly Pick<Said, "invoice">[], key: string): bigint =>
  documents
    .flatMap((document) => document.invoice.taxes)
    .filter(({ category, rate: { numerator, denominator } }) => `${category} ${numerator}/${denominator}` === key)
    .reduce((sum, { tax }) => sum + tax, 0n);
