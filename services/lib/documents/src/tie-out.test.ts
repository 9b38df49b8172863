import {
  compare,
  formatMinor,
  fromMinor,
  type IssuedInvoice,
  minorDigits,
  parseDecimal,
  payable,
  plus,
  rational,
  ZERO,
} from "@raingauge/domain";
import { runs } from "@raingauge/test/generators/hunt.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cii } from "./cii/cii.ts";
import { lineRows } from "./csv/lines.ts";
import { eInvoiceOf } from "./en16931/of-issued.ts";
import { coreProblemsOf } from "./en16931/problems.ts";
import { random } from "./fixtures/accounts.ts";
import { focusFindings, tieOut } from "./focus/conformance.ts";
import { costAndUsage } from "./focus/cost-and-usage.ts";
import { invoiceDetail } from "./focus/invoice-detail.ts";
import { journalOf } from "./journal/journal.ts";
import { localMoney } from "./language.ts";
import { sheetOf } from "./sheet.ts";
import { ubl } from "./ubl/ubl.ts";

const added = (digits: readonly (string | undefined)[]) =>
  digits.map((each) => parseDecimal(each ?? "0")).reduce(plus, ZERO);

/** What each format says is to be paid, read from what it wrote and not from what it was given. */
function totals(issued: IssuedInvoice): Record<string, string> {
  const { currency, kind } = issued.invoice;
  const sign = kind === "credit-note" ? -1n : 1n;
  const places = minorDigits(currency);
  const shown = (value: ReturnType<typeof added>): string =>
    formatMinor((value.numerator * 10n ** BigInt(places)) / value.denominator, currency);
  const turned = (digits: string | undefined): string => {
    const { numerator, denominator } = parseDecimal(digits ?? "0");
    return shown(rational(sign * numerator, denominator));
  };
  const eInvoice = eInvoiceOf(issued);
  const rows = costAndUsage([issued], "1.4").rows;
  const journal = journalOf(issued);
  const receivable = journal.postings.filter(({ account }) => account.kind === "receivable");
  return {
    ubl: turned(/<cbc:PayableAmount[^>]*>([^<]*)/.exec(ubl(eInvoice))?.[1]),
    cii: turned(/<ram:DuePayableAmount>([^<]*)/.exec(cii(eInvoice))?.[1]),
    focus: shown(added(rows.map((row) => row["BilledCost"]))),
    invoiceDetail: shown(added(invoiceDetail([issued]).rows.map((row) => row["BilledCost"]))),
    lines: shown(added(lineRows([issued]).map(({ amount }) => amount))),
    journal: formatMinor(
      receivable.reduce((sum, { debit, credit }) => sum + debit - credit, 0n),
      currency,
    ),
  };
}

/** These tell what is left to be paid once prepaid credit paid its part; the others what was supplied. */
const PAID: readonly string[] = ["ubl", "cii", "journal"];

describe("one document in every format", () => {
  it("has the same total to the cent, whatever was used, in whatever currency, credited or charged", () => {
    fc.assert(
      fc.property(random(fc), (issued) => {
        const { currency, total } = issued.invoice;
        const owed = payable(issued.invoice);

        for (const [format, said] of Object.entries(totals(issued)))
          expect(`${format} ${said}`).toBe(`${format} ${formatMinor(PAID.includes(format) ? owed : total, currency)}`);
        const sheet = sheetOf(issued);
        expect(sheet.sums.at(-1)?.value).toBe(localMoney(owed, currency, sheet.language));
      }),
      { numRuns: runs(150) },
    );
  });

  it("keeps FOCUS and its own line totals without any tolerance", () => {
    fc.assert(
      fc.property(random(fc), (issued) => {
        const table = costAndUsage([issued], "1.4");

        expect(focusFindings(table)).toEqual([]);
        expect(tieOut(table, [issued])).toEqual([]);
        for (const line of issued.invoice.lines) {
          const mine = table.rows.filter((row) => row["InvoiceDetailId"] === `${issued.number}/${line.position}`);
          const sum = added(mine.map((row) => row["BilledCost"]));
          expect(compare(sum, fromMinor(line.amount, issued.invoice.currency))).toBe(0);
        }
      }),
      { numRuns: runs(100) },
    );
  });

  it("books as much on one side as on the other", () => {
    fc.assert(
      fc.property(random(fc), (issued) => {
        const { postings } = journalOf(issued);

        const debit = postings.reduce((sum, posting) => sum + posting.debit, 0n);
        const credit = postings.reduce((sum, posting) => sum + posting.credit, 0n);

        expect(debit).toBe(credit);
      }),
    );
  });

  it("breaks no rule of the European core where its currency has two decimals or fewer", () => {
    fc.assert(
      fc.property(random(fc), (issued) => {
        const isPlain = minorDigits(issued.invoice.currency) <= 2 && issued.invoice.lines.length > 0;

        if (isPlain) expect(coreProblemsOf(eInvoiceOf(issued))).toEqual([]);
      }),
      { numRuns: runs(150) },
    );
  });
});
