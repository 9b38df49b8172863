import { formatMinor } from "@raingauge/domain";
import { inert } from "../csv/table.ts";
import { table, type Writer } from "../writer.ts";
import { accountNumber, type Chart } from "./chart.ts";
import { type Journal, journalOf, type Posting } from "./journal.ts";

const revenues = ({ postings }: Journal): Posting[] => postings.filter(({ account }) => account.kind === "revenue");

/** What the program calls a tax; our own code where nobody said. */
const taxIn = (names: Readonly<Record<string, string>>, code = "none"): string => names[code] ?? code;

const amountOf = ({ debit, credit }: Posting, { currency }: Journal): string => formatMinor(credit - debit, currency);

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
  "Currency",
];

/** For Xero, which multiplies quantity and price itself: once each line's amount, so that it finds the same. */
export const xero = (chart: Chart): Writer =>
  table(XERO, (documents) =>
    documents
      .map(journalOf)
      .flatMap((journal) =>
        revenues(journal).map((posting) => [
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
  "Currency",
];

/** For QuickBooks Online, likewise once each amount. */
export const quickBooks = (chart: Chart): Writer =>
  table(QUICKBOOKS, (documents) =>
    documents
      .map(journalOf)
      .flatMap((journal) =>
        revenues(journal).map((posting) => [
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
          journal.currency,
        ]),
      ),
  );
