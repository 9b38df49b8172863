import { type IssuedInvoice, parseDecimal, rational, type TaxCategory, type TaxGroup } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { chargeback, creditNote, german, inCurrency, ofLines, reverseCharge, SELLER } from "../fixtures/accounts.ts";
import type { EInvoice, ELine } from "./e-invoice.ts";
import { eInvoiceOf } from "./of-issued.ts";
import { E_INVOICE_RULES, eInvoiceProblems, problemsOf } from "./problems.ts";

const VALID = eInvoiceOf(german());
const [LINE] = VALID.lines as readonly [ELine];
const [GROUP] = VALID.taxes as readonly [TaxGroup];
const BUYER = VALID.buyer ?? SELLER;

const withLine = (change: Partial<ELine>): EInvoice => ({
  ...VALID,
  lines: [{ ...LINE, ...change }, ...VALID.lines.slice(1)],
});
const withSeller = (change: object): EInvoice => ({ ...VALID, seller: { ...SELLER, ...change } });
const withBuyer = (change: object): EInvoice => ({ ...VALID, buyer: { ...BUYER, ...change } });
const withTax = (change: Partial<TaxGroup>): EInvoice => ({ ...VALID, taxes: [{ ...GROUP, ...change }] });
const without = (...names: (keyof EInvoice)[]): EInvoice =>
  Object.fromEntries(
    Object.entries(VALID).filter(([name]) => !names.includes(name as keyof EInvoice)),
  ) as unknown as EInvoice;
const { tax: _, ...UNTAXED } = LINE;

/** What is given back has no due day either. */
function termless(issued: IssuedInvoice): IssuedInvoice {
  const { paymentTerms: _terms, ...account } = issued.invoice.account;
  return { ...issued, invoice: { ...issued.invoice, account } };
}

const REASONED: readonly TaxCategory[] = ["E", "AE", "K", "G", "O"];

/** A document of one category that keeps its rules, so that each case breaks one thing. */
function of(category: TaxCategory): EInvoice {
  const rate = rational(category === "S" || category === "L" || category === "M" ? 19n : 0n);
  const net = VALID.totals.net;
  const reason = REASONED.includes(category) ? { reason: { text: "Because" } } : {};
  const tax = rate.numerator === 0n ? 0n : GROUP.tax;
  const { vatId: _seller, ...namelessSeller } = SELLER;
  const { vatId: _buyer, ...namelessBuyer } = BUYER;
  return {
    ...VALID,
    ...(category === "O" ? { seller: namelessSeller, buyer: namelessBuyer } : {}),
    lines: VALID.lines.map((line) => ({ ...line, tax: { category, rate } })),
    taxes: [{ category, rate, net, tax, ...reason }],
    totals: { ...VALID.totals, tax, gross: net + tax, payable: net + tax },
  };
}

const NAMES: Readonly<Record<TaxCategory, string>> = {
  S: "S",
  Z: "Z",
  E: "E",
  AE: "AE",
  K: "IC",
  G: "G",
  O: "O",
  L: "AF",
  M: "AG",
};

const categoryCases = (Object.keys(NAMES) as TaxCategory[]).flatMap((category): [string, EInvoice][] => {
  const valid = of(category);
  const [group] = valid.taxes as readonly [TaxGroup];
  const { reason: _reason, ...unreasoned } = group;
  const { vatId: _vat, taxNumber: _number, ...nameless } = SELLER;
  const name = (number: string): string => `BR-${NAMES[category]}-${number}`;
  const wrongRate = rational(category === "S" ? 0n : category === "L" || category === "M" ? -1n : 7n);
  return [
    [name("01"), { ...valid, taxes: [] }],
    [name("02"), category === "O" ? { ...valid, seller: SELLER } : { ...valid, seller: nameless }],
    [name("05"), { ...valid, lines: valid.lines.map((line) => ({ ...line, tax: { category, rate: wrongRate } })) }],
    [name("08"), { ...valid, taxes: [{ ...group, net: group.net + 1n }] }],
    [name("09"), { ...valid, taxes: [{ ...group, tax: group.tax + 1n }] }],
    [
      name("10"),
      { ...valid, taxes: [REASONED.includes(category) ? unreasoned : { ...group, reason: { text: "No" } }] },
    ],
  ];
});

const CASES: readonly (readonly [rule: string, broken: EInvoice])[] = [
  ["BR-02", { ...VALID, number: " " }],
  ["BR-03", { ...VALID, issued: "1.4.2026" }],
  ["BR-05", { ...VALID, currency: "" }],
  ["BR-CL-04", { ...VALID, currency: "euro" }],
  ["BR-DEC-12", { ...VALID, currency: "KWD" }],
  ["BR-DEC-13", { ...VALID, currency: "KWD" }],
  ["BR-DEC-18", { ...VALID, currency: "KWD" }],
  ["BR-DEC-23", { ...VALID, currency: "CLF" }],
  ["BR-16", { ...VALID, lines: [] }],
  ["BR-29", { ...VALID, period: { first: "2026-03-31", last: "2026-03-01" } }],
  ["BR-57", { ...of("K"), buyer: { ...BUYER, address: { ...BUYER.address, country: "" } } }],
  ["BR-CO-10", { ...VALID, totals: { ...VALID.totals, lines: 1n } }],
  ["BR-CO-13", { ...VALID, totals: { ...VALID.totals, net: 1n } }],
  ["BR-CO-14", { ...VALID, totals: { ...VALID.totals, tax: 1n } }],
  ["BR-CO-15", { ...VALID, totals: { ...VALID.totals, gross: 1n } }],
  ["BR-CO-16", { ...VALID, totals: { ...VALID.totals, payable: 1n } }],
  ["BR-CO-18", { ...VALID, taxes: [] }],
  ["BR-CO-25", without("due", "paymentTerms")],
  ["BR-55", { ...VALID, preceding: "" }],
  ["PEPPOL-EN16931-R003", without("buyerReference", "purchaseOrder")],
  ["PEPPOL-EN16931-P0100", { ...VALID, type: "326" as "380" }],
  ["PEPPOL-EN16931-F001", { ...VALID, due: "tomorrow" }],
  ["BR-06", withSeller({ name: "" })],
  ["BR-07", withBuyer({ name: "" })],
  ["BR-08", without("seller")],
  ["BR-09", withSeller({ address: { ...SELLER.address, country: "" } })],
  ["BR-10", without("buyer")],
  ["BR-11", withBuyer({ address: { ...BUYER.address, country: "" } })],
  ["BR-CL-14", withBuyer({ address: { ...BUYER.address, country: "EU" } })],
  ["BR-CO-26", withSeller({ vatId: undefined, registration: undefined })],
  ["BR-CO-09", withSeller({ vatId: "123456789" })],
  ["BR-50", withSeller({ bank: { iban: "" } })],
  ["BR-62", withSeller({ endpoint: { id: "DE123456788" } })],
  ["BR-63", withBuyer({ endpoint: { id: "DE987654321" } })],
  ["BR-21", withLine({ id: "" })],
  ["BR-22", withLine({ quantity: rational(1n, 3n) })],
  ["BR-23", withLine({ unit: "" })],
  ["BR-CL-23", withLine({ unit: "GBH" })],
  ["BR-25", withLine({ name: "" })],
  ["BR-26", withLine({ price: rational(1n, 3n) })],
  ["BR-27", withLine({ price: parseDecimal("-0.005") })],
  ["BR-30", withLine({ period: { first: "2026-03-02", last: "2026-03-01" } })],
  ["BR-42", withLine({ allowance: { amount: 0n, reason: "", code: "95" } })],
  ["BR-54", withLine({ attributes: [{ name: "Project", value: "" }] })],
  ["BR-CO-04", { ...VALID, lines: [UNTAXED] }],
  ["PEPPOL-EN16931-R110", withLine({ period: { first: "2026-02-27", last: "2026-03-31" } })],
  ["PEPPOL-EN16931-R111", withLine({ period: { first: "2026-03-01", last: "2026-04-01" } })],
  ["PEPPOL-EN16931-R120", withLine({ net: LINE.net + 3n })],
  ["PEPPOL-EN16931-R121", withLine({ base: rational(0n) })],
  ["BR-CL-17", withTax({ category: "X" as "S" })],
  ["BR-CL-22", withTax({ reason: { code: "VATEX-EU-XX", text: "x" } })],
  ["BR-CO-17", withTax({ tax: GROUP.tax + 1n })],
  ["PEPPOL-EN16931-P0104", withTax({ reason: { code: "VATEX-EU-G", text: "x" } })],
  ["PEPPOL-EN16931-P0105", withTax({ reason: { code: "VATEX-EU-O", text: "x" } })],
  ["PEPPOL-EN16931-P0106", withTax({ reason: { code: "VATEX-EU-IC", text: "x" } })],
  ["PEPPOL-EN16931-P0107", withTax({ reason: { code: "VATEX-EU-AE", text: "x" } })],
  ["PEPPOL-EN16931-P0108", withTax({ reason: { code: "VATEX-EU-D", text: "x" } })],
  ["PEPPOL-EN16931-P0109", withTax({ reason: { code: "VATEX-EU-F", text: "x" } })],
  ["PEPPOL-EN16931-P0110", withTax({ reason: { code: "VATEX-EU-I", text: "x" } })],
  ["PEPPOL-EN16931-P0111", withTax({ reason: { code: "VATEX-EU-J", text: "x" } })],
  ...categoryCases,
  ["BR-O-11", { ...of("O"), taxes: [...of("O").taxes, GROUP] }],
  ["PEPPOL-EN16931-R010", withBuyer({ endpoint: undefined })],
  ["PEPPOL-EN16931-R020", withSeller({ endpoint: undefined })],
  ["BR-CL-25", withSeller({ endpoint: { id: "x", scheme: "4711" } })],
  ["PEPPOL-COMMON-R040", withSeller({ endpoint: { id: "4012345000008", scheme: "0088" } })],
  ["PEPPOL-COMMON-R041", withSeller({ endpoint: { id: "923609017", scheme: "0192" } })],
  ["PEPPOL-COMMON-R042", withSeller({ endpoint: { id: "DK1", scheme: "0184" } })],
  ["PEPPOL-COMMON-R043", withSeller({ endpoint: { id: "0202239952", scheme: "0208" } })],
];

describe("the rules of an electronic invoice", () => {
  it.each([
    ["a German invoice", german()],
    ["one under reverse charge", reverseCharge()],
    ["a credit note", creditNote()],
    ["one of an account without terms of payment", termless(creditNote())],
    ["one in yen", inCurrency("JPY")],
    ["one of 500 lines", ofLines(500)],
  ])("are kept by %s", (_name, document) => {
    expect(eInvoiceProblems(document)).toEqual([]);
  });

  it.each(CASES)("%s is named where it is broken", (rule, broken) => {
    expect(problemsOf(broken).map((problem) => problem.rule)).toContain(rule);
  });

  it("have each a case that breaks it", () => {
    const tried = new Set(CASES.map(([rule]) => rule));

    expect(E_INVOICE_RULES.map(({ rule }) => rule).filter((rule) => !tried.has(rule))).toEqual([]);
  });

  it.each(Object.keys(NAMES) as TaxCategory[])("are kept by a document of category %s", (category) => {
    expect(problemsOf(of(category))).toEqual([]);
  });

  it("take right electronic addresses of each scheme that has check digits", () => {
    for (const [scheme, id] of [
      ["0088", "4012345000009"],
      ["0192", "923609016"],
      ["0184", "DK12345674"],
      ["0208", "0202239951"],
    ])
      expect(problemsOf(withSeller({ endpoint: { id, scheme } }))).toEqual([]);
  });

  it("refuse an internal chargeback, which names nobody", () => {
    expect(eInvoiceProblems(chargeback()).map(({ rule }) => rule)).toEqual(expect.arrayContaining(["BR-06", "BR-07"]));
  });

  it("refuse a currency of three decimals by name", () => {
    expect(eInvoiceProblems(inCurrency("KWD")).map(({ rule }) => rule)).toContain("BR-DEC-12");
  });
});
