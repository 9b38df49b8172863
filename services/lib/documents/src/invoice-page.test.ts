import { type InvoiceLine, rational } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { creditNote, german, reverseCharge } from "./fixtures/accounts.ts";
import { marchOf } from "./fixtures/march.ts";
import { invoiceListPage } from "./invoice-list-page.ts";
import { invoicePage } from "./invoice-page.ts";
import { verificationPage } from "./verification-page.ts";

const VISITOR = { name: "fiona", canSignOut: false };

describe("an invoice as a page", () => {
  const text = invoicePage(marchOf("acme"));

  it("prints the number, the period, the project and the total", () => {
    for (const fact of ["RG-000042", "March 2026", "1 March 2026 – 31 March 2026", "acme", "635.50\u00a0EUR"])
      expect(text).toContain(fact);
  });

  it("prints each line with quantity, unit price, amount and the way to its reasons", () => {
    expect(text).toContain("≈ 755.038056<small>instance hour</small>");
    expect(text).toContain(">first 100 at 0<");
    expect(text).toContain(">next ≈ 12,245.678901 at 0.05<");
    expect(text).toContain("15.10\u00a0EUR");
    expect(text).toContain('href="/v1/invoices/RG-000042/lines/3/why"');
  });

  it("says of each line how much was seen and how much was concluded", () => {
    expect(text).toContain("99.7 % seen, 0.3 % inferred (2 h), 9");
  });

  it("prints the order in which amounts are worked out", () => {
    expect(text).toMatch(
      /less the free allowance.+at most the cap; .+then discounts.+minimum; then fees; then promotional credit; then tax/s,
    );
  });

  it("prints its own hash and the one before it", () => {
    expect(text).toContain("c3d4".repeat(16));
    expect(text).toContain("a1b2".repeat(16));
  });

  it("asks for nothing from elsewhere and runs no script", () => {
    expect(text).not.toMatch(/<script|<link|<img|@import|url\(|https?:/);
  });

  it("lets no name that a tenant chose become markup", () => {
    const hostile = `<img src=x onerror="alert(1)">&'`;

    const pages = [invoicePage(marchOf(hostile)), invoiceListPage([marchOf(hostile)], VISITOR)];

    for (const each of pages) {
      expect(each).not.toContain("<img");
      expect(each).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;");
    }
  });

  it("is the same to the byte for the same document", () => {
    expect(invoicePage(marchOf("acme"))).toBe(text);
  });
});

it("lists whoever pays by the name of the account, of the project where Keystone told it, and by the id otherwise", () => {
  const march = marchOf("4f2a");
  const named = { ...march, invoice: { ...march.invoice, account: { ...march.invoice.account, name: "Acme Ltd" } } };
  const names = new Map([["4f2a", "<web>"]]);

  expect(invoiceListPage([march], VISITOR, { names })).toContain("<td>&lt;web&gt;<small>4f2a</small></td>");
  expect(invoiceListPage([march], VISITOR)).toContain("<td>4f2a</td>");
  expect(invoiceListPage([named], VISITOR, { names })).toContain("<td>Acme Ltd</td>");
});

it("prints a discount and a minimum as lines of their own, which have no readings to be asked for", () => {
  const march = marchOf("acme");
  const [first] = march.invoice.lines;
  if (first === undefined) throw new Error("the fixture has lines");
  const discount: InvoiceLine = {
    ...first,
    kind: "discount",
    sku: "discount",
    description: "5 % off everything",
    units: rational(63_550n, 100n),
    unit: "EUR",
    amount: -3_178n,
  };

  const text = invoicePage({ ...march, invoice: { ...march.invoice, lines: [first, { ...discount, position: 2 }] } });

  expect(text).toContain("5\u00a0% off everything");
  expect(text).toContain("−31.78\u00a0EUR");
  expect(text).toContain("635.5<small>EUR</small>");
  expect(text).not.toContain("/lines/2/why");
});

it("prints what a cap took off and what an allowance gave, beside the item", () => {
  const march = marchOf("acme");
  const lines = march.invoice.lines.map((line) => ({
    ...line,
    freeUnits: rational(100n),
    capped: rational(41n, 100n),
    cost: rational(10n),
  }));

  const text = invoicePage({ ...march, invoice: { ...march.invoice, lines } });

  expect(text).toContain("<small>100 GB free under the allowance</small>");
  expect(text).toContain("<small>Monthly cap: not charged 0.41 EUR</small>");
});

describe("a page in the account's language", () => {
  it.each([
    [
      "de",
      german(),
      [
        "Rechnung",
        "1. März 2026 – 31. März 2026",
        "1.234,678901",
        "USt. 19\u00a0% auf 69,00\u00a0EUR",
        "82,11\u00a0EUR",
      ],
    ],
    [
      "fr",
      reverseCharge(),
      ["Facture", "1er mars 2026 – 31 mars 2026", "1\u202f234,678901", "Reverse charge", "69,00\u00a0EUR"],
    ],
    ["de", creditNote(), ["Gutschrift", "Berichtigt", "RG-2026-000042", "−15,01\u00a0EUR"]],
  ])("is wholly in %s", (language, issued, facts) => {
    const text = invoicePage(issued);

    expect(text).toContain(`<html lang="${language}">`);
    for (const fact of facts) expect(text).toContain(fact);
  });
});

describe("the list of invoices", () => {
  it("links each invoice's page", () => {
    expect(invoiceListPage([marchOf("acme")], VISITOR)).toContain('<a href="/invoices/RG-000042">RG-000042</a>');
  });

  it("says so when there is none", () => {
    expect(invoiceListPage([], VISITOR)).toContain("No invoice has been issued yet.");
  });
});

describe("the check of an invoice as a page", () => {
  it("says whether it comes out the same, and each thing that does not", () => {
    const passed = { passed: true, findings: [] };
    const failed = { passed: false, findings: [{ sentence: "line 2 comes to 0.72 EUR, not 0.80 EUR (<vm>)" }] };

    expect(verificationPage({ number: "RG-000042", passed: true, frozen: passed, readings: passed })).toContain(
      "It comes out the same",
    );
    const text = verificationPage({ number: "RG-000042", passed: false, frozen: passed, readings: failed });

    expect(text).toContain("It does not come out the same");
    expect(text).toContain("<li>line 2 comes to 0.72 EUR, not 0.80 EUR (&lt;vm&gt;)</li>");
  });
});
