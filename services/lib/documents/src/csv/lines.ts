import {
  at,
  type Completeness,
  decimal,
  formatMinor,
  type InvoiceLine,
  type IssuedInvoice,
  partPercent,
  rational,
  type TaxGroup,
} from "@raingauge/domain";
import { calendarDay } from "../dates.ts";
import { table } from "../writer.ts";
import { inert } from "./table.ts";

export const LINE_COLUMNS = [
  "document",
  "kind",
  "corrects",
  "account",
  "issued",
  "first_day",
  "last_day",
  "position",
  "row",
  "project",
  "sku",
  "description",
  "resource",
  "quantity",
  "unit",
  "tax_category",
  "tax_rate",
  "amount",
  "currency",
  "readings",
  "seen_seconds",
  "inferred_seconds",
  "document_seen_percent",
  "document_watched_percent",
  // Last, because somebody may count columns.
  "region",
] as const;

export type LineRow = Readonly<Record<(typeof LINE_COLUMNS)[number], string>>;

/** Documents line by line, then their taxes: a document's rows add up to what is to be paid for it. */
export const lineRows = (documents: readonly IssuedInvoice[]): LineRow[] =>
  documents.flatMap((issued) => {
    // Once for each document: what day it is somewhere takes longer to say than all the rest of a row.
    const always = head(issued);
    return [
      ...issued.invoice.lines.map((line) => ({ ...always, ...used(issued, line) })),
      ...issued.invoice.taxes.map((group) => ({ ...always, ...taxed(issued, group) })),
    ];
  });

export const linesTable = () =>
  table(LINE_COLUMNS, (documents) =>
    lineRows(documents).map((row) => LINE_COLUMNS.map((column) => cell(column, row[column]))),
  );

export const linesCsv = (documents: readonly IssuedInvoice[]): string => {
  const writer = linesTable();
  return `${writer.add(documents)}${writer.end()}`;
};

const FIGURES: ReadonlySet<string> = new Set([
  "quantity",
  "amount",
  "tax_rate",
  "readings",
  "seen_seconds",
  "inferred_seconds",
  "document_seen_percent",
  "document_watched_percent",
]);

const cell = (column: string, text: string): string => (FIGURES.has(column) ? text : inert(text));

/** What is not the same on every row of a document. */
type OwnCells = Omit<LineRow, keyof ReturnType<typeof head>>;

const used = ({ invoice }: IssuedInvoice, line: InvoiceLine): OwnCells => ({
  position: String(line.position),
  row: line.kind ?? "usage",
  project: line.project ?? "",
  region: line.region ?? "",
  sku: line.sku,
  description: line.description,
  resource: line.resource ?? "",
  quantity: decimal(line.units, PLACES),
  unit: line.unit,
  tax_category: line.tax?.category ?? "",
  tax_rate: line.tax === undefined ? "" : decimal(line.tax.rate, PLACES),
  amount: formatMinor(line.amount, invoice.currency),
  ...evidenceOf(line),
});

const taxed = ({ invoice }: IssuedInvoice, { category, rate, tax }: TaxGroup): OwnCells => ({
  position: "",
  row: "tax",
  project: "",
  region: "",
  sku: "",
  description: "",
  resource: "",
  quantity: "",
  unit: "",
  tax_category: category,
  tax_rate: decimal(rate, PLACES),
  amount: formatMinor(tax, invoice.currency),
  ...NO_EVIDENCE,
});

const NO_EVIDENCE = { readings: "", seen_seconds: "", inferred_seconds: "" };

/** What adjusts other lines was not seen by anybody. */
const evidenceOf = ({ kind, evidence: { readings, observedMs, inferredMs } }: InvoiceLine): typeof NO_EVIDENCE =>
  kind !== undefined
    ? NO_EVIDENCE
    : { readings: String(readings), seen_seconds: seconds(observedMs), inferred_seconds: seconds(inferredMs) };

const seconds = (ms: number): string => decimal(rational(BigInt(ms), 1_000n), 3);

const PLACES = 12;

const head = ({ number, issueDate, invoice }: IssuedInvoice) => ({
  document: number,
  kind: invoice.kind,
  corrects: invoice.corrects?.number ?? "",
  account: invoice.account.id,
  issued: issueDate,
  first_day: calendarDay(invoice.period.start, invoice.zone),
  last_day: calendarDay(at(invoice.period.end - 1), invoice.zone),
  currency: invoice.currency,
  ...completenessOf(invoice.completeness),
});

function completenessOf(completeness: Completeness | undefined) {
  if (completeness === undefined) return { document_seen_percent: "", document_watched_percent: "" };
  const { observedMs, inferredMs, watched } = completeness;
  const expected = watched.reduce((sum, { expectedMs }) => sum + expectedMs, 0n);
  const seen = watched.reduce((sum, { seenMs }) => sum + seenMs, 0n);
  return {
    document_seen_percent: partPercent(observedMs, observedMs + inferredMs),
    document_watched_percent: watched.length === 0 ? "" : partPercent(seen, expected),
  };
}
