import type { IssuedInvoice } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { chargeback, creditNote, german, inCurrency } from "../fixtures/accounts.ts";
import { type Writer, whole } from "../writer.ts";
import { type Chart, SKR03 } from "./chart.ts";
import { datev } from "./datev.ts";
import { journalOf } from "./journal.ts";
import { beancount, hledger, journalCsv } from "./plain.ts";
import { quickBooks, xero } from "./sales.ts";

const DOCUMENTS = [german(), creditNote()];

const written = (
  begin: (chart: Chart) => Writer,
  documents: readonly IssuedInvoice[] = DOCUMENTS,
  chart = SKR03,
): string => whole(begin(chart), documents).toString("latin1");

describe("what a document means to the books", () => {
  const journals = DOCUMENTS.map(journalOf);

  it("is the receivable against revenue and tax, and the other way round for a credit note", () => {
    const sides = journals.map(({ postings }) =>
      postings.filter(({ account }) => account.kind !== "revenue").map(({ debit, credit }) => [debit, credit]),
    );

    expect(sides).toEqual([
      [
        [8_211n, 0n],
        [0n, 1_311n],
      ],
      [
        [0n, 1_501n],
        [240n, 0n],
      ],
    ]);
  });

  it("is a receivable of the house itself where nothing is sold", () => {
    expect(written(hledger, [chargeback()])).toContain("    Assets:Internal:Kieswerk  69.00 EUR");
  });

  it("is an entry that hledger and Beancount read", () => {
    expect(whole(hledger(SKR03), DOCUMENTS).toString()).toContain(
      "2026-04-01 * (RG-2026-000042) Müller & Söhne <Kies> AG\n",
    );
    expect(written(beancount)).toContain("2026-04-01 open Assets:Receivable:Ba-mueller\n");
    expect(written(beancount)).toContain(
      '"invoice RG-2026-000042" ^RG-2026-000042\n  Assets:Receivable:Ba-mueller  82.11 EUR\n',
    );
  });

  it("lets no name break out of an entry or a table", () => {
    const issued = german();
    const { buyer: _, ...account } = issued.invoice.account;
    const named = { ...account, name: 'x"\n2026-01-01 close Assets' };
    const hostile = [{ ...issued, invoice: { ...issued.invoice, account: named } }];

    expect(written(beancount, hostile)).not.toContain("\n2026-01-01 close");
    expect(written(hledger, hostile)).not.toContain("\n2026-01-01 close");
    const formula = { ...issued, invoice: { ...issued.invoice, account: { ...account, name: "=HYPERLINK(1)" } } };
    expect(written(xero, [formula])).toContain("'=HYPERLINK(1)");
  });

  it("is a batch of DATEV's in its code page, each row to one side", () => {
    const rows = written(datev).split("\r\n");

    expect(rows[0]).toMatch(/^"EXTF";700;21;"Buchungsstapel";13;/);
    expect(rows[0]?.split(";")).toHaveLength(31);
    expect(rows[2]).toBe('3,72;"S";"EUR";;;"";10000;8200;"";0104;"RG-2026-000042";"150426";;"Floating IP address"');
    expect(rows.filter((row) => row.includes(';"H";'))).not.toHaveLength(0);
    expect(rows[1]).toContain("BU-Schl\u00fcssel");
  });

  it("is one row a line for Xero and QuickBooks, once each amount", () => {
    expect(written(xero)).toMatch(/Floating IP address,1,3\.72,8200,S19,0\.7[01],EUR\r\n/);
    expect(written(quickBooks)).toMatch(/Neutron,Floating IP address,1,3\.72,3\.72,S19,0\.7[01],EUR\r\n/);
  });

  it.each([
    ["Xero", xero],
    ["QuickBooks", quickBooks],
  ])("tells %s of each row's tax, which together is the document's to the cent", (_, table) => {
    for (const document of DOCUMENTS) {
      const rows = written(table, [document]).trimEnd().split("\r\n").slice(1);
      const taxes = rows.map((row) => BigInt((row.split(",").at(-2) ?? "").replace(".", "")));
      const { net, total } = document.invoice;

      expect(taxes.reduce((sum, each) => sum + each, 0n)).toBe(total - net);
    }
  });

  it("is no batch of DATEV's in two currencies, whose rows tell no rate", () => {
    expect(() => written(datev, [german(), inCurrency("CHF")])).toThrow("documents of one currency");
  });

  it("is booked on the accounts of the chart that is given, the most particular that fits", () => {
    const chart: Chart = {
      ...SKR03,
      accounts: { ...SKR03.accounts, tax: { number: "2200", name: "Liabilities:VAT" } },
      exceptions: [
        { as: "revenue", where: { service: "Nova" }, number: "4010", name: "Income:Compute" },
        { as: "revenue", where: { service: "Nova", tax: "S19" }, number: "4019", name: "Income:Compute-19" },
        { as: "revenue", where: { service: "Nova", tax: "S7" }, number: "4007", name: "Income:Compute-7" },
        { as: "receivable", where: { account: "ba-mueller" }, number: "10007", name: "Assets:Mueller" },
      ],
      datev: { consultant: "29098", client: "55003", digits: 4, yearBegins: "04-01" },
      xeroTaxTypes: { S19: "OUTPUT19" },
    };
    const batch = written(datev, DOCUMENTS, chart).split("\r\n");

    expect(batch[0]).toContain(";29098;55003;20260401;4;");
    expect(batch[2]).toContain(";10007;8200;");
    expect(batch[3]).toContain(";10007;4019;");
    expect(written(hledger, DOCUMENTS, chart)).toContain("    Income:Compute-19:Nova  -12.35 EUR");
    expect(written(hledger, DOCUMENTS, chart)).toContain("    Liabilities:VAT:S19  -13.11 EUR");
    expect(written(xero, DOCUMENTS, chart)).toContain(",4019,OUTPUT19,");
    expect(written(journalCsv, DOCUMENTS, chart)).toMatch(/,Virtual machine m1.small,4019\r\n/);
  });

  it("is no batch of DATEV's over two financial years, whose rows say no year", () => {
    const [march = german()] = DOCUMENTS;
    const december = { ...march, issueDate: "2025-12-31" };

    expect(() => written(datev, [march, december])).toThrow("documents of one financial year");
    expect(written(datev, [december]).split("\r\n")[0]).toContain(";1001;1;20250101;4;20251231;20251231;");
  });

  it("is a table whose sides are equal", () => {
    const rows = written(journalCsv).trim().split("\r\n").slice(1);

    expect(rows.length).toBe(journals.flatMap(({ postings }) => postings).length);
    expect(rows[0]).toMatch(
      /^RG-2026-000042-1,RG-2026-000042,2026-04-01,Assets:Receivable:Ba-mueller,82\.11,0\.00,EUR/,
    );
  });
});
