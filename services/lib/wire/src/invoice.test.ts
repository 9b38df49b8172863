import { at, type Usage } from "@raingauge/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { decodePriceBook, encodePriceBook, priceBookDigest } from "./book.ts";
import { canonical } from "./canonical.ts";
import { decodeCredit, encodeCredit } from "./credit.ts";
import { WireError } from "./error.ts";
import { invoices, usages } from "./fixtures/any-invoice.ts";
import { book, credit, drawing, issued, rich, usage } from "./fixtures/invoices.ts";
import { decodeInvoice, decodeIssued, documentHash, encodeInvoice, encodeIssued, InvoiceDocument } from "./invoice.ts";
import { viewIssued } from "./invoice-view.ts";
import { decodeUsages, encodeUsages, UsageDocument, usageDigest } from "./usage.ts";

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

  it("is, to the byte, what its schema makes of it", () => {
    fc.assert(
      fc.property(usages, invoices, (one, invoice) => {
        expect(encodeUsages([one])).toBe(canonical([z.encode(UsageDocument, one)]));
        expect(encodeInvoice(invoice)).toBe(canonical(z.encode(InvoiceDocument, invoice)));
      }),
    );
    expect(() => encodeUsages([{ ...usage, evidence: { ...usage.evidence, readings: Number.NaN } }])).toThrow(
      RangeError,
    );
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
