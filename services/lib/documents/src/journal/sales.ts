import { formatMinor } from "@raingauge/domain";
import { csvText, inert } from "../csv/table.ts";
import { accountNumber } from "./chart.ts";
import type { Journal, Posting } from "./journal.ts";

const revenues = ({ postings }: Journal): Posting[] => postings.filter(({ account }) => account.kind === "revenue");

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
export const xero = (journals: readonly Journal[]): string =>
  csvText([
    XERO,
    ...journals.flatMap((journal) =>
      revenues(journal).map((posting) => [
        inert(journal.customerName),
        journal.number,
        journal.corrects ?? "",
        journal.date,
        journal.due,
        inert(posting.text),
        "1",
        amountOf(posting, journal),
        accountNumber(posting.account),
        posting.taxCode ?? "NONE",
        journal.currency,
      ]),
    ),
  ]);

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
export const quickBooks = (journals: readonly Journal[]): string =>
  csvText([
    QUICKBOOKS,
    ...journals.flatMap((journal) =>
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
        posting.taxCode ?? "NON",
        journal.currency,
      ]),
    ),
  ]);
