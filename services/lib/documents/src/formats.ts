import { at, type IssuedInvoice } from "@raingauge/domain";
import { cii } from "./cii/cii.ts";
import { linesCsv } from "./csv/lines.ts";
import { calendarDay } from "./dates.ts";
import { eInvoiceOf } from "./en16931/of-issued.ts";
import type { FocusTable, FocusVersion } from "./focus/columns.ts";
import { costAndUsage } from "./focus/cost-and-usage.ts";
import { billingPeriods, invoiceDetail } from "./focus/invoice-detail.ts";
import { focusParquet } from "./focus/parquet.ts";
import { focusCsv, focusJson } from "./focus/text.ts";
import { datev } from "./journal/datev.ts";
import { journalOf } from "./journal/journal.ts";
import { beancount, hledger, journalCsv } from "./journal/plain.ts";
import { quickBooks, xero } from "./journal/sales.ts";
import { ubl } from "./ubl/ubl.ts";
import { linesXlsx } from "./xlsx/lines.ts";

/** A document, or many, as a file. */
export interface Format {
  readonly type: string;
  readonly extension: string;
  readonly write: (documents: readonly IssuedInvoice[]) => string | Buffer | Promise<Buffer>;
}

interface TextFormat extends Format {
  readonly write: (documents: readonly IssuedInvoice[]) => string;
}

const text = (type: string, extension: string, write: TextFormat["write"]): TextFormat => ({
  type: `${type}; charset=utf-8`,
  extension,
  write,
});

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** Of many documents at once. */
export const EXPORTS = {
  lines: text("text/csv", "csv", linesCsv),
  xlsx: { type: XLSX, extension: "xlsx", write: linesXlsx },
  journal: text("text/csv", "csv", (documents) => journalCsv(documents.map(journalOf))),
  hledger: text("text/plain", "journal", (documents) => hledger(documents.map(journalOf))),
  beancount: text("text/plain", "beancount", (documents) => beancount(documents.map(journalOf))),
  datev: { type: "text/csv; charset=windows-1252", extension: "csv", write: datevOf },
  xero: text("text/csv", "csv", (documents) => xero(documents.map(journalOf))),
  quickbooks: text("text/csv", "csv", (documents) => quickBooks(documents.map(journalOf))),
} as const satisfies Readonly<Record<string, Format>>;

/** Of one document by itself, each a valid one only where `eInvoiceProblems` finds nothing. */
export const E_INVOICES = {
  ubl: text("application/xml", "xml", ([issued]) => (issued === undefined ? "" : ubl(eInvoiceOf(issued)))),
  cii: text("application/xml", "xml", ([issued]) => (issued === undefined ? "" : cii(eInvoiceOf(issued)))),
} as const satisfies Readonly<Record<string, Format>>;

function datevOf(documents: readonly IssuedInvoice[]): Buffer {
  const days = documents.flatMap(({ invoice: { period, zone }, issueDate }) => [
    calendarDay(period.start, zone),
    calendarDay(at(period.end - 1), zone),
    issueDate,
  ]);
  const sorted = days.toSorted();
  return datev(documents.map(journalOf), { first: sorted[0] ?? "", last: sorted.at(-1) ?? "" });
}

export type FocusDataset = "cost-and-usage" | "invoice-detail" | "billing-period";
export type FocusEncoding = "csv" | "json" | "parquet";

/** A FOCUS dataset of many documents. The finance datasets are 1.4's; 1.2 has cost and usage only. */
export function focusFormat(dataset: FocusDataset, encoding: FocusEncoding, version: FocusVersion): Format {
  const table = (documents: readonly IssuedInvoice[]): FocusTable => {
    switch (dataset) {
      case "cost-and-usage":
        return costAndUsage(documents, version);
      case "invoice-detail":
        return invoiceDetail(documents);
      case "billing-period":
        return billingPeriods(documents);
    }
  };
  switch (encoding) {
    case "csv":
      return text("text/csv", "csv", (documents) => focusCsv(table(documents)));
    case "json":
      return text("application/json", "json", (documents) => focusJson(table(documents)));
    case "parquet":
      return {
        type: "application/vnd.apache.parquet",
        extension: "parquet",
        write: (documents) => focusParquet(table(documents)),
      };
  }
}
