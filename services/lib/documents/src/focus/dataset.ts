import type { IssuedInvoice } from "@raingauge/domain";
import { listed, table, type Writer, whole } from "../writer.ts";
import {
  BILLING_PERIOD,
  COST_AND_USAGE,
  columnsOf,
  type FocusTable,
  type FocusVersion,
  INVOICE_DETAIL,
} from "./columns.ts";
import { costAndUsage } from "./cost-and-usage.ts";
import { billingPeriods, type Covered, covered, invoiceDetail } from "./invoice-detail.ts";
import { parquet } from "./parquet.ts";
import { focusObject, focusRows } from "./text.ts";

export type FocusDataset = "cost-and-usage" | "invoice-detail" | "billing-period";
export type FocusEncoding = "csv" | "json" | "parquet";

/** A FOCUS dataset as a file. The finance datasets are 1.4's; 1.2 has cost and usage only. */
export function focusWriter(dataset: FocusDataset, encoding: FocusEncoding, version: FocusVersion): Writer {
  switch (dataset) {
    case "cost-and-usage":
      return encoded(encoding, columnsOf(COST_AND_USAGE, version), (documents) => costAndUsage(documents, version));
    case "invoice-detail":
      return encoded(encoding, INVOICE_DETAIL, invoiceDetail);
    case "billing-period":
      return periods(encoded(encoding, BILLING_PERIOD, billingPeriods));
  }
}

function encoded<T>(
  encoding: FocusEncoding,
  columns: FocusTable["columns"],
  tableOf: (items: readonly T[]) => FocusTable,
): Writer<T> {
  switch (encoding) {
    case "csv":
      return table<T>(
        columns.map(({ name }) => name),
        (items) => focusRows(tableOf(items)),
      );
    case "json":
      return listed<T>((items) => tableOf(items).rows.map((row) => focusObject(columns, row)), {
        before: "[",
        between: ",",
        after: "]",
      });
    case "parquet": {
      const file = parquet(columns);
      return {
        add(items) {
          file.add(tableOf(items).rows);
          return "";
        },
        end: () => file.end(),
      };
    }
  }
}

/** A period's row tells when its last document was issued, and so is written last. */
function periods(written: Writer<Covered>): Writer {
  const known: Covered[] = [];
  return {
    add(documents: readonly IssuedInvoice[]) {
      known.push(...documents.map(covered));
      return "";
    },
    end: () => whole(written, known),
  };
}
