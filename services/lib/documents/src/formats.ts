import type { IssuedInvoice } from "@raingauge/domain";
import { cii } from "./cii/cii.ts";
import { linesTable } from "./csv/lines.ts";
import { eInvoiceOf } from "./en16931/of-issued.ts";
import type { FocusVersion } from "./focus/columns.ts";
import { type FocusDataset, type FocusEncoding, focusWriter } from "./focus/dataset.ts";
import type { Chart } from "./journal/chart.ts";
import { datev } from "./journal/datev.ts";
import { beancount, hledger, journalCsv } from "./journal/plain.ts";
import { quickBooks, xero } from "./journal/sales.ts";
import { ubl } from "./ubl/ubl.ts";
import type { Writer } from "./writer.ts";
import { linesXlsx } from "./xlsx/lines.ts";

/** How a file is called and what it is. */
export interface Format {
  readonly type: string;
  readonly extension: string;
}

/** A file of many documents. Bookings are on the accounts of a chart. */
export interface Export extends Format {
  readonly begin: (chart: Chart) => Writer;
}

/** A file of one document by itself: of the first that it is given. */
export interface EInvoice extends Format {
  readonly write: (documents: readonly IssuedInvoice[]) => string;
}

const text = (type: string, extension: string, begin: Export["begin"]): Export => ({
  type: `${type}; charset=utf-8`,
  extension,
  begin,
});

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** Of many documents at once. */
export const EXPORTS = {
  lines: text("text/csv", "csv", linesTable),
  xlsx: { type: XLSX, extension: "xlsx", begin: linesXlsx },
  journal: text("text/csv", "csv", journalCsv),
  hledger: text("text/plain", "journal", hledger),
  beancount: text("text/plain", "beancount", beancount),
  datev: { type: "text/csv; charset=windows-1252", extension: "csv", begin: datev },
  xero: text("text/csv", "csv", xero),
  quickbooks: text("text/csv", "csv", quickBooks),
} as const satisfies Readonly<Record<string, Export>>;

const eInvoice = (write: (invoice: ReturnType<typeof eInvoiceOf>) => string): EInvoice => ({
  type: "application/xml; charset=utf-8",
  extension: "xml",
  write: ([issued]) => (issued === undefined ? "" : write(eInvoiceOf(issued))),
});

/** Of one document by itself, each a valid one only where `eInvoiceProblems` finds nothing. */
export const E_INVOICES = { ubl: eInvoice(ubl), cii: eInvoice(cii) } as const satisfies Readonly<
  Record<string, EInvoice>
>;

/** Which file of many documents is wanted, in plain words that any thread understands. */
export type Wanted =
  | { readonly kind: keyof typeof EXPORTS }
  | {
      readonly kind: "focus";
      readonly dataset: FocusDataset;
      readonly encoding: FocusEncoding;
      readonly version: FocusVersion;
    };

export const exportOf = (wanted: Wanted): Export =>
  wanted.kind === "focus" ? focusExport(wanted) : EXPORTS[wanted.kind];

function focusExport({ dataset, encoding, version }: Extract<Wanted, { readonly kind: "focus" }>): Export {
  const begin = (): Writer => focusWriter(dataset, encoding, version);
  switch (encoding) {
    case "csv":
      return text("text/csv", "csv", begin);
    case "json":
      return text("application/json", "json", begin);
    case "parquet":
      return { type: "application/vnd.apache.parquet", extension: "parquet", begin };
  }
}
