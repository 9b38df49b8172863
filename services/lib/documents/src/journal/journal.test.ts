import { describe, expect, it } from "vitest";
import { chargeback, creditNote, german } from "../fixtures/accounts.ts";
import { datev } from "./datev.ts";
import { journalOf } from "./journal.ts";
import { beancount, hledger, journalCsv } from "./plain.ts";
import { quickBooks, xero } from "./sales.ts";

describe("what a document means to the books", () => {
  const journals = [german(), creditNote()].map(journalOf);

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
    expect(hledger([journalOf(chargeback())])).toContain("    Assets:Internal:Kieswerk  69.00 EUR");
  });

  it("is an entry that hledger and Beancount read", () => {
    expect(hledger(journals)).toContain("2026-04-01 * (RG-2026-000042) Müller & Söhne <Kies> AG\n");
    expect(beancount(journals)).toContain("2026-04-01 open Assets:Receivable:Ba-mueller\n");
    expect(beancount(journals)).toContain(
      '"invoice RG-2026-000042" ^RG-2026-000042\n  Assets:Receivable:Ba-mueller  82.11 EUR\n',
    );
  });

  it("lets no name break out of an entry or a table", () => {
    const issued = german();
    const { buyer: _, ...account } = issued.invoice.account;
    const named = { ...account, name: 'x"\n2026-01-01 close Assets' };
    const hostile = [journalOf({ ...issued, invoice: { ...issued.invoice, account: named } })];

    expect(beancount(hostile)).not.toContain("\n2026-01-01 close");
    expect(hledger(hostile)).not.toContain("\n2026-01-01 close");
    expect(xero([{ ...(journals[0] ?? journalOf(issued)), customerName: "=HYPERLINK(1)" }])).toContain(
      "'=HYPERLINK(1)",
    );
  });

  it("is a batch of DATEV's in its code page, each row to one side", () => {
    const bytes = datev(journals, { first: "2026-03-01", last: "2026-04-01" });
    const rows = bytes.toString("latin1").split("\r\n");

    expect(rows[0]).toMatch(/^"EXTF";700;21;"Buchungsstapel";13;/);
    expect(rows[0]?.split(";")).toHaveLength(31);
    expect(rows[2]).toBe('3,72;"S";"EUR";;;"";10000;8200;"";0104;"RG-2026-000042";"150426";;"Floating IP address"');
    expect(rows.filter((row) => row.includes(';"H";'))).not.toHaveLength(0);
    expect(rows[1]).toContain("BU-Schl\u00fcssel");
  });

  it("is one row a line for Xero and QuickBooks, once each amount", () => {
    expect(xero(journals)).toContain("Floating IP address,1,3.72,8200,S19,EUR\r\n");
    expect(quickBooks(journals)).toContain("Neutron,Floating IP address,1,3.72,3.72,S19,EUR\r\n");
  });

  it("is a table whose sides are equal", () => {
    const rows = journalCsv(journals).trim().split("\r\n").slice(1);

    expect(rows.length).toBe(journals.flatMap(({ postings }) => postings).length);
    expect(rows[0]).toMatch(
      /^RG-2026-000042-1,RG-2026-000042,2026-04-01,Assets:Receivable:Ba-mueller,82\.11,0\.00,EUR/,
    );
  });
});
