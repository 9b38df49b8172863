import { runs } from "@raingauge/test/generators/hunt.ts";
import { termsOf } from "@raingauge/test/generators/terms.ts";
import { book, JANUARY, JANUARY_MS, price, someUsages, tiers, usage } from "@raingauge/test/generators/usage.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adjust, takeBack, totalOf } from "./adjust.ts";
import { rate } from "./charge.ts";
import { type AvailableCredit, drawn, payable } from "./credit.ts";
import { instant } from "./instant.ts";
import { type Invoice, type InvoiceTerms, invoice } from "./invoice.ts";
import { formatMinor } from "./money.ts";
import type { PriceBook } from "./price.ts";
import { parseDecimal, type Rational, rational, times } from "./rational.ts";
import type { TaxTreatment } from "./tax.ts";
import type { Usage } from "./usage.ts";

const VAT: TaxTreatment = { category: "S", rate: rational(19n) };

const bill = (
  usages: readonly Usage[],
  terms: PriceBook,
  tax: TaxTreatment | undefined = VAT,
  more: Partial<InvoiceTerms> = {},
): Invoice =>
  invoice(rate(usages, terms, JANUARY_MS, "acme"), {
    ...termsOf("acme", JANUARY, terms),
    projects: ["acme", "globex"].map((id) => ({ id, period: JANUARY })),
    calendar: { startOf: (day) => instant(`${day}T00:00:00Z`) },
    tax,
    ...more,
  });

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

/** The usages of two projects of one account. */
const ofTwo = fc
  .tuple(someUsages, someUsages)
  .map(([mine, theirs]) => [...mine, ...theirs.map((each) => ({ ...each, project: "globex" }))]);

/** What an account can draw, whatever the bill comes to. */
const someCredits = fc
  .record({
    given: fc.bigInt({ min: 0n, max: 3_000n }),
    paid: fc.bigInt({ min: 0n, max: 3_000n }),
    skus: fc.constantFrom(undefined, ["any"], ["m1.*", "minimum"]),
    projects: fc.constantFrom(undefined, ["globex"]),
  })
  .map(({ given, paid, skus, projects }): AvailableCredit[] => {
    const of = (kind: AvailableCredit["kind"], left: bigint): AvailableCredit => ({
      id: kind,
      account: "acme",
      kind,
      currency: "EUR",
      amount: left,
      left,
      priority: 0,
      note: "",
    });
    const narrow = {
      ...of("promotional", given),
      id: "narrow",
      ...(skus === undefined ? {} : { skus }),
      ...(projects === undefined ? {} : { projects }),
    };
    return [narrow, of("promotional", given), of("prepaid", paid)];
  });

/** Books that use whatever makes a bill more than a sum: tiers, caps, allowances, packages, discounts, minimums, fees. */
const someBook = fc
  .record({
    amount: fc.constantFrom("0.0201", "0.333", "12.345"),
    cap: fc.constantFrom(undefined, "0.50", "7"),
    allowance: fc.constantFrom(undefined, 3n),
    off: fc.constantFrom(undefined, 7n),
    whole: fc.constantFrom(undefined, 3n),
    minimum: fc.constantFrom(undefined, 25n),
    model: fc.constantFrom("volume", "package", undefined),
    wide: fc.boolean(),
    fixed: fc.boolean(),
    fee: fc.constantFrom(undefined, "second", "day", "none"),
  })
  .map(({ amount, cap, allowance, off, whole, minimum, model, wide, fixed, fee }) =>
    book(
      [
        price({
          sku: "any",
          scope: cap !== undefined ? "resource" : wide ? "account" : "project",
          tiers: model === "package" ? tiers([amount]) : tiers(["10", amount], ["0.0107"]),
          ...(model === undefined ? {} : { model }),
          ...(cap === undefined ? {} : { cap: parseDecimal(cap) }),
          ...(allowance === undefined ? {} : { allowance: rational(allowance) }),
          ...(allowance === undefined || !wide ? {} : { allowanceScope: "account" }),
          ...(off === undefined ? {} : fixed ? { discountAmount: rational(off) } : { discountPercent: rational(off) }),
        }),
        each("m1.large", "0.0803"),
      ],
      {
        ...(whole === undefined
          ? {}
          : fixed
            ? { discountAmount: rational(whole), ...(wide ? { discountScope: "account" } : {}) }
            : { discountPercent: rational(whole) }),
        ...(minimum === undefined
          ? {}
          : { minimum: { amount: rational(minimum), ...(wide ? { scope: "account" } : {}) } }),
        ...(fee === undefined
          ? {}
          : {
              fees: [
                {
                  sku: "fee",
                  description: "Fee",
                  amount: parseDecimal("31.01"),
                  months: 1,
                  since: "2026-01-08",
                  proration: fee,
                  scope: wide ? "account" : "project",
                },
              ],
            }),
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

/** The same terms at ten times the money. */
const tenfold = (terms: PriceBook): PriceBook => {
  const ten = (amount: Rational): Rational => times(amount, rational(10n));
  const less = <T extends { readonly discountAmount?: Rational }>(told: T): T =>
    told.discountAmount === undefined ? told : { ...told, discountAmount: ten(told.discountAmount) };
  return less({
    ...terms,
    prices: terms.prices.map((each) =>
      less({
        ...each,
        tiers: each.tiers.map((tier) => ({ ...tier, amount: ten(tier.amount) })),
        ...(each.cap === undefined ? {} : { cap: ten(each.cap) }),
      }),
    ),
    ...(terms.minimum === undefined ? {} : { minimum: { ...terms.minimum, amount: ten(terms.minimum.amount) } }),
    ...(terms.fees === undefined ? {} : { fees: terms.fees.map((fee) => ({ ...fee, amount: ten(fee.amount) })) }),
  });
};

it("a bill at ten times the prices comes to as many of the smallest unit of a currency that has one decimal less", () => {
  const amounts = ({ lines, net, taxes, total }: Invoice) => ({
    lines: lines.map(({ sku, amount }) => [sku, amount]),
    taxes: taxes.map(({ tax }) => tax),
    net,
    total,
  });
  fc.assert(
    fc.property(ofTwo, someBook, someTax, (usages, terms, tax) => {
      const inDinars = bill(usages, { ...terms, currency: "KWD" }, tax);
      const inEuros = bill(usages, { ...tenfold(terms), currency: "EUR" }, tax);

      expect(amounts(inEuros)).toEqual(amounts(inDinars));
    }),
    { numRuns: runs(100) },
  );
});

describe("corrections", () => {
  it("add up: all documents together are the bill from scratch, whatever came late, twice, was removed or repriced, in any order", () => {
    const known = fc.array(fc.tuple(ofTwo, someBook, someTax), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(known, someCredits, (steps, credits) => {
        const bills = steps.map(([usages, terms, tax]) => bill(usages, terms, tax, { credits }));

        const documents = bills.reduce<Said[]>(settled, []);

        const last = bills.at(-1) as Invoice;
        expect(totalOf(documents)).toBe(last.total);
        expect(documents.reduce((sum, each) => sum + each.invoice.net, 0n)).toBe(last.net);
        for (const key of ["S 19/1", "S 7/1", "AE 0/1"])
          expect(taxIn(documents, key)).toBe(taxIn([{ invoice: last }], key));
        expect(adjust(documents, last, "again")).toBeUndefined();
        for (const { id } of credits) expect(drawnOf(documents, id)).toBe(drawnOf([{ invoice: last }], id));
        expect(documents.reduce((sum, { invoice: each }) => sum + payable(each), 0n)).toBe(payable(last));
      }),
    );
  });

  it("add up in another currency as well, and however tax is rounded", () => {
    const taxCurrency = { currency: "SEK", rate: parseDecimal("11.2345") };
    fc.assert(
      fc.property(fc.array(fc.tuple(ofTwo, someBook), { minLength: 1, maxLength: 4 }), (steps) => {
        const bills = steps.map(([usages, terms]) => bill(usages, terms, VAT, { taxCurrency, taxRounding: "down" }));

        const documents = bills.reduce<Said[]>(settled, []);

        const converted = documents.reduce((sum, { invoice: each }) => sum + (each.taxIn?.tax ?? 0n), 0n);
        expect(converted).toBe(bills.at(-1)?.taxIn?.tax);
      }),
      { numRuns: runs(50) },
    );
  });

  it("add up in themselves: net is the sum of the lines, and the total that of net and taxes", () => {
    fc.assert(
      fc.property(ofTwo, ofTwo, someBook, (before, after, terms) => {
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
      fc.property(fc.array(ofTwo, { minLength: 1, maxLength: 4 }), someBook, someCredits, (steps, terms, credits) => {
        const documents = steps.map((usages) => bill(usages, terms, VAT, { credits })).reduce<Said[]>(settled, []);
        const note = takeBack(documents, "wrong buyer");
        const all = note === undefined ? documents : [...documents, { number: "", hash: "", invoice: note }];

        expect(totalOf(all)).toBe(0n);
        expect(all.reduce((sum, each) => sum + each.invoice.net, 0n)).toBe(0n);
        for (const { id } of credits) expect(drawnOf(all, id)).toBe(0n);
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

const drawnOf = (documents: readonly Pick<Said, "invoice">[], id: string): bigint =>
  documents
    .flatMap((document) => drawn(document.invoice))
    .filter(({ credit }) => credit === id)
    .reduce((sum, { amount }) => sum + amount, 0n);
