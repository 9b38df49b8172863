import {
  at,
  type BilledAccount,
  type Completeness,
  type Credit,
  type Evidence,
  type Invoice,
  type InvoiceLine,
  instant,
  type Party,
  type PriceBook,
  type Rational,
  rational,
  type TaxGroup,
  type Usage,
} from "@raingauge/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodePriceBook, encodePriceBook, priceBookDigest } from "./book.ts";
import { decodeCredit, encodeCredit } from "./credit.ts";
import { WireError } from "./error.ts";
import {
  decodeInvoice,
  decodeIssued,
  documentHash,
  encodeInvoice,
  encodeIssued,
  type UnsealedInvoice,
} from "./invoice.ts";
import { viewIssued } from "./invoice-view.ts";
import { decodeUsages, encodeUsages, usageDigest } from "./usage.ts";

const texts = fc.string({ unit: "binary" });
const moments = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2100, 0) - 1 }).map(at);
const periods = fc.record({ start: moments, end: moments });
const wholes = fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n });
const fractions: fc.Arbitrary<Rational> = fc
  .tuple(wholes, fc.bigInt({ min: 1n, max: 10n ** 24n }))
  .map(([n, d]) => rational(n, d));
const evidence: fc.Arbitrary<Evidence> = fc.record(
  {
    readings: fc.nat(),
    observedMs: fc.nat(),
    inferredMs: fc.nat(),
    afterEnd: fc.nat(),
    counterDropped: fc.nat(),
    end: fc.record({ at: moments, kind: fc.constantFrom("final", "inferred") }),
  },
  { requiredKeys: ["readings", "observedMs", "inferredMs", "afterEnd", "counterDropped"] },
);
const usages: fc.Arbitrary<Usage> = fc.record({
  region: texts,
  project: texts,
  meter: texts,
  resource: texts,
  dimensions: fc.dictionary(texts, texts),
  period: periods,
  quantity: wholes,
  evidence,
});
const lines: fc.Arbitrary<InvoiceLine> = fc.record(
  {
    position: fc.nat(),
    project: texts,
    region: texts,
    tax: fc.record({ category: fc.constantFrom("S", "AE"), rate: fractions }),
    sku: texts,
    description: texts,
    meter: texts,
    resource: texts,
    resources: fc.nat(),
    quantity: wholes,
    units: fractions,
    unit: texts,
    kind: fc.constantFrom("discount", "minimum", "fee", "credit", "correction"),
    of: fc.constantFrom("discount", "minimum", "fee", "credit"),
    change: fc.record({ billed: wholes, due: wholes }),
    freeUnits: fractions,
    capped: fractions,
    model: fc.constantFrom("volume", "package", "flat"),
    share: fractions,
    tiers: fc.array(fc.record({ units: fractions, amount: fractions, cost: fractions }), { maxLength: 3 }),
    cost: fractions,
    amount: wholes,
    evidence,
  },
  {
    requiredKeys: [
      "position",
      "sku",
      "description",
      "meter",
      "resources",
      "quantity",
      "units",
      "unit",
      "tiers",
      "cost",
      "amount",
      "evidence",
    ],
  },
);
const party: Party = {
  name: "Oaks Ltd",
  address: { lines: ["1 High Street"], city: "Bonn", postcode: "53111", region: "NRW", country: "DE" },
  vatId: "DE123456789",
  taxNumber: "12/345",
  registration: { id: "HRB 1", scheme: "0204" },
  endpoint: { id: "ap@oaks.example", scheme: "EM" },
  contact: { name: "Ann", phone: "+49 1", email: "ann@oaks.example" },
  bank: { iban: "DE89370400440532013000", bic: "COBADEFFXXX", holder: "Oaks" },
};
const account: BilledAccount = {
  id: "oaks",
  name: "Oaks",
  mode: "external",
  seller: { name: "Clouds", address: { lines: [], city: "Ulm", postcode: "89073", country: "DE" } },
  buyer: party,
  dueDays: 14,
  paymentTerms: "Within 14 days",
  locale: "de",
  costCentre: "4711",
  purchaseOrder: "PO-1",
  buyerReference: "ref",
};
const taxes: fc.Arbitrary<TaxGroup> = fc.record(
  {
    category: fc.constantFrom("S", "AE"),
    rate: fractions,
    reason: fc.record({ code: texts, text: texts }),
    net: wholes,
    tax: wholes,
  },
  { requiredKeys: ["category", "rate", "net", "tax"] },
);
const completeness: fc.Arbitrary<Completeness> = fc.record({
  observedMs: wholes,
  inferredMs: wholes,
  resources: fc.nat(),
  unreconciled: fc.nat(),
  watched: fc.array(
    fc.record({
      region: texts,
      source: texts,
      agents: fc.nat(),
      silent: fc.nat(),
      expectedMs: wholes,
      seenMs: wholes,
    }),
    { maxLength: 2 },
  ),
});
const invoices: fc.Arbitrary<Invoice> = fc.record({
  kind: fc.constantFrom("invoice", "credit-note", "debit-note"),
  account: fc.constant(account),
  projects: fc.array(fc.record({ id: texts, period: periods }), { maxLength: 3 }),
  period: periods,
  zone: texts,
  tzVersion: texts,
  currency: fc.constantFrom("EUR", "JPY", "KWD"),
  books: fc.array(fc.record({ name: texts, version: texts }), { maxLength: 2 }),
  rounding: fc.constantFrom("half-up", "half-even"),
  lines: fc.array(lines, { maxLength: 4 }),
  net: wholes,
  taxes: fc.array(taxes, { maxLength: 2 }),
  total: wholes,
  completeness,
});

const book: PriceBook = {
  name: "standard",
  version: "2026-01",
  currency: "EUR",
  month: "calendar",
  prices: [
    {
      sku: "volume.ssd",
      description: "Block storage",
      meter: "volume.size",
      where: { volume_type: "ssd*" },
      per: { label: "GB month", quantity: 1_000_000_000n, time: "month" },
      scope: "project",
      tiers: [{ upTo: rational(5n), amount: rational(0n) }, { amount: rational(1n, 30n) }],
    },
  ],
  free: ["cpu"],
};
/** A book that uses whatever a book can say. */
const rich: PriceBook = {
  ...book,
  discountAmount: rational(5n),
  discountScope: "account",
  attributes: { flavor: { "g1.large": { accelerator: "a100" } } },
  minimum: { amount: rational(100n), since: instant("2026-01-15T00:00:00Z"), scope: "account" },
  fees: [
    {
      sku: "support",
      description: "Support",
      amount: rational(99n),
      months: 3,
      anchor: "2026-01-31",
      since: "2026-02-01",
      until: "2027-01-01",
      proration: "day",
      scope: "project",
    },
  ],
  overrides: [
    { account: "oaks", discountPercent: rational(7n), fees: [], prices: { flat: { discountAmount: rational(1n) } } },
  ],
  prices: (["volume", "package", "flat"] as const).flatMap((model) =>
    book.prices.map((price) => ({
      ...price,
      sku: model,
      model,
      scope: model === "flat" ? "account" : "resource",
      allowance: rational(1n, 3n),
      allowanceScope: "account",
      cap: rational(10n),
      discountPercent: rational(15n, 2n),
    })),
  ),
};
const january = { start: instant("2026-01-01T00:00:00Z"), end: instant("2026-02-01T00:00:00Z") };
const seen: Evidence = { readings: 8, observedMs: 7_200_000, inferredMs: 500, afterEnd: 0, counterDropped: 0 };
const usage: Usage = {
  region: "north",
  project: "acme",
  meter: "volume.size",
  resource: "vol-1",
  dimensions: { volume_type: "ssd", state: "in-use" },
  period: january,
  quantity: 10n ** 21n,
  evidence: { ...seen, end: { at: instant("2026-01-31T10:00:00.250Z"), kind: "final" } },
};
const issued: UnsealedInvoice = {
  number: "RG-000007",
  series: "RG",
  sequence: 7n,
  issuedAt: instant("2026-02-01T04:00:00Z"),
  issueDate: "2026-02-01",
  dueDate: "2026-02-01",
  invoice: {
    kind: "invoice",
    account: { id: "acme", name: "acme", mode: "internal", dueDays: 0, locale: "en" },
    projects: [{ id: "acme", period: january }],
    period: january,
    zone: "UTC",
    tzVersion: "2026a",
    currency: "EUR",
    books: [{ name: "standard", version: "2026-01" }],
    rounding: "half-up",
    lines: [
      {
        position: 1,
        project: "acme",
        sku: "volume.ssd",
        description: "Block storage",
        meter: "volume.size",
        resources: 1,
        quantity: 10n ** 21n,
        units: rational(125_000n, 335n),
        unit: "GB month",
        tiers: [
          { units: rational(5n), amount: rational(0n), cost: rational(0n) },
          { units: rational(24_665n, 67n), amount: rational(1n, 30n), cost: rational(4_933n, 402n) },
        ],
        cost: rational(4_933n, 402n),
        amount: 1_227n,
        evidence: usage.evidence,
      },
    ],
    net: 1_227n,
    taxes: [],
    total: 1_227n,
  },
  pins: {
    watermark: instant("2026-02-01T03:59:59.999Z"),
    bookDigests: [priceBookDigest(book)],
    engine: "raingauge-rater/1",
    monthMs: 2_678_400_000n,
  },
  usageDigests: [usageDigest([usage])],
  freeDigest: usageDigest([]),
  previousHash: "",
};

const credit: Credit = {
  id: "welcome",
  account: "acme",
  kind: "promotional",
  currency: "EUR",
  amount: 1_000n,
  priority: 1,
  since: january.start,
  until: january.end,
  skus: ["volume.*"],
  projects: ["acme"],
  note: "Welcome",
};
/** Pins whatever an invoice can rest on. */
const drawing: UnsealedInvoice = {
  ...issued,
  invoice: { ...issued.invoice, prepaid: [{ credit: "deposit", amount: 1_227n }] },
  pins: {
    ...issued.pins,
    days: { "2026-01-01": january.start, "2026-02-01": january.end },
    credits: [{ ...credit, left: 7n }],
  },
};

describe("what rests in the ledger", () => {
  it("reads back as what was written: usages, invoices and their numbers of any size", () => {
    fc.assert(
      fc.property(usages, invoices, (one, invoice) => {
        expect(decodeUsages(encodeUsages([one, usage]))).toContainEqual(one);
        expect(decodeInvoice(encodeInvoice(invoice))).toEqual(invoice);
      }),
    );
    expect(decodePriceBook(encodePriceBook(book))).toEqual(book);
    expect(decodePriceBook(encodePriceBook(rich))).toEqual(rich);
    expect(decodeCredit(encodeCredit(credit))).toEqual(credit);
    expect(decodeIssued(encodeIssued(issued), "said")).toEqual({ ...issued, hash: "said" });
    expect(decodeIssued(encodeIssued(drawing), "said")).toEqual({ ...drawing, hash: "said" });
  });

  it("has the same bytes whatever order usages, dimensions and fields came in", () => {
    fc.assert(
      fc.property(fc.array(usages, { maxLength: 5 }), (some) => {
        const shuffled = some.toReversed().map((each) => ({
          ...Object.fromEntries(Object.entries(each).toReversed()),
          dimensions: Object.fromEntries(Object.entries(each.dimensions).toReversed()),
        }));

        expect(encodeUsages(shuffled as unknown as Usage[])).toBe(encodeUsages(some));
      }),
    );
  });

  it("has another digest when the least of it is altered", () => {
    expect(usageDigest([{ ...usage, quantity: usage.quantity + 1n }])).not.toBe(usageDigest([usage]));
    expect(usageDigest([usage, usage])).not.toBe(usageDigest([usage]));
    expect(priceBookDigest({ ...book, free: [] })).not.toBe(priceBookDigest(book));
    expect(documentHash({ ...issued, previousHash: "0".repeat(64) })).not.toBe(documentHash(issued));
    expect(documentHash({ ...issued, issuedAt: at(issued.issuedAt + 1) })).not.toBe(documentHash(issued));
  });

  it("is, to the byte, what it was when the first documents were issued", async () => {
    await expect(encodeIssued(issued)).toMatchFileSnapshot("golden/issued-invoice.json");
    await expect(encodeUsages([usage])).toMatchFileSnapshot("golden/usages.json");
    await expect(encodePriceBook(book)).toMatchFileSnapshot("golden/stored-price-book.json");
    expect(documentHash(issued)).toMatchInlineSnapshot(
      `"fd5320848064405d6bc4deeaed7d78d549692e0b3f23432ca4e63aca1b76db26"`,
    );
  });

  it.each([
    ["what is not JSON", "{", "not_json", ""],
    [
      "a quantity with a fraction",
      encodeUsages([usage]).replace(`"1000000000000000000000"`, `"1.5"`),
      "malformed",
      "0.quantity",
    ],
    [
      "a quantity as a number",
      encodeUsages([usage]).replace(`"1000000000000000000000"`, "1000"),
      "malformed",
      "0.quantity",
    ],
    [
      "a local time",
      encodeUsages([usage]).replace("2026-02-01T00:00:00Z", "2026-02-01T00:00:00"),
      "malformed",
      "0.period.end",
    ],
    [
      "a field that nobody knows",
      encodeUsages([usage]).replace(`"region"`, `"discount":"1","region"`),
      "malformed",
      "0",
    ],
  ])("is refused with its place: %s", (_name, text, code, where) => {
    const refusal = refused(() => decodeUsages(text));

    expect({ code: refusal.code, where: refusal.where }).toEqual({ code, where });
  });
});

describe("an invoice's view", () => {
  it("writes every number as an accountant would", async () => {
    const view = viewIssued({ ...issued, hash: documentHash(issued) });

    await expect(`${JSON.stringify(view, undefined, 2)}\n`).toMatchFileSnapshot("golden/issued-invoice-view.json");
    expect(view).toMatchObject({
      number: "RG-000007",
      total: "12.27",
      lines: [{ quantity: "373.134328358209", amount: "12.27", seenSeconds: 7200, inferredSeconds: 0.5 }],
    });
  });

  it.each([
    ["EUR", "12.30"],
    ["JPY", "1230"],
    ["KWD", "1.230"],
  ])("gives %s its own number of decimals", (currency, total) => {
    const invoice = { ...issued.invoice, currency, total: 1_230n };

    expect(viewIssued({ ...issued, invoice, hash: "" }).total).toBe(total);
  });
});

function refused(act: () => unknown): WireError {
  try {
    act();
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}
