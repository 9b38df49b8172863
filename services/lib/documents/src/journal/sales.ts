import { formatMinor, rational, ZERO } from "@raingauge/domain";
import { inert } from "../csv/table.ts";
import { roundTo } from "../share.ts";
import { table, type Writer } from "../writer.ts";
import { accountNumber, type Chart } from "./chart.ts";
import { type Journal, journalOf, type Posting } from "./journal.ts";

const revenues = ({ postings }: Journal): Posting[] => postings.filter(({ account }) => account.kind === "revenue");

/** What the program calls a tax; our own code where nobody said. */
const taxIn = (names: Readonly<Record<string, string>>, code = "none"): string => names[code] ?? code;

const amountOf = ({ debit, credit }: Posting, { currency }: Journal): string => formatMinor(credit - debit, currency);

/**
 * Each revenue with its part of its group's tax, so that who adds up rows comes to the document's tax: a group is taxed once,
 * and its rows taxed one by one would be a cent off.
 */
function taxed(journal: Journal): { readonly posting: Posting; readonly tax: string }[] {
  const parts = new Map<Posting, bigint>();
  for (const [code, rows] of Map.groupBy(revenues(journal), ({ taxCode }) => taxCode)) {
    const tax = journal.postings
      .filter(({ account }) => account.kind === "tax" && account.code === code)
      .reduce((sum, { debit, credit }) => sum + credit - debit, 0n);
    const amounts = rows.map(({ debit, credit }) => credit - debit);
    const net = amounts.reduce((sum, amount) => sum + amount, 0n);
    const sign = net < 0n ? -1n : 1n;
    const exact = amounts.map((amount) => (net === 0n ? ZERO : rational(tax * amount * sign, net * sign)));
    for (const [index, part] of roundTo(tax, exact, 0).entries()) {
      const posting = rows[index];
      if (posting !== undefined) parts.set(posting, part);
    }
  }
  return revenues(journal).map((posting) => ({
    posting,
    tax: formatMinor(parts.get(posting) ?? 0n, journal.currency),
  }));
}

const XERO = [
  "*ContactName",
  "*InvoiceNumber",
  "Reference",
  "*InvoiceDate",
  "*DueDate",
  "*Description",
  "*Quantity",
  "*UnitAmount",
  "*AccountCode",
  "*TaxType",
  "TaxAmount",
  "Currency",
];

/** For Xero, which multiplies quantity and price itself: once each line's amount and its part of the tax, so that it finds the same. */
export const xero = (chart: Chart): Writer =>
  table(XERO, (documents) =>
    documents
      .map(journalOf)
      .flatMap((journal) =>
        taxed(journal).map(({ posting, tax }) => [
          inert(journal.customerName),
          journal.number,
          journal.corrects ?? "",
          journal.date,
          journal.due,
          inert(posting.text),
          "1",
          amountOf(posting, journal),
          accountNumber(chart, posting.account),
          taxIn(chart.xeroTaxTypes, posting.taxCode),
          tax,
          journal.currency,
        ]),
      ),
  );

const QUICKBOOKS = [
  "*InvoiceNo",
  "*Customer",
  "*InvoiceDate",
  "*DueDate",
  "Memo",
  "Item(Product/Service)",
  "ItemDescription",
  "ItemQuantity",
  "ItemRate",
  "*ItemAmount",
  "*ItemTaxCode",
  "ItemTaxAmount",
  "Currency",
];

/** For QuickBooks Online, likewise once each amount. */
export const quickBooks = (chart: Chart): Writer =>
  table(QUICKBOOKS, (documents) =>
    documents
      .map(journalOf)
      .flatMap((journal) =>
        taxed(journal).map(({ posting, tax }) => [
          journal.number,
          inert(journal.customerName),
          journal.date,
          journal.due,
          journal.corrects ?? "",
          posting.account.kind === "revenue" ? posting.account.service : "",
          inert(posting.text),
          "1",
          amountOf(posting, journal),
          amountOf(posting, journal),
          taxIn(chart.quickBooksTaxCodes, posting.taxCode),
          tax,
          journal.currency,
        ]),
      ),
  );
