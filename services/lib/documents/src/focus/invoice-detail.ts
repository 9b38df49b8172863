import {
  formatMinor,
  type Instant,
  type InvoiceLine,
  type IssuedInvoice,
  instant,
  type Period,
  type TaxGroup,
} from "@raingauge/domain";
import { BILLING_PERIOD, type FocusRow, type FocusTable, INVOICE_DETAIL } from "./columns.ts";
import { issuerOf, moment, pointed } from "./cost-and-usage.ts";

/** The same documents as their own lines, which CostAndUsage refers to by InvoiceDetailId. */
export const invoiceDetail = (documents: readonly IssuedInvoice[]): FocusTable => ({
  columns: INVOICE_DETAIL,
  rows: documents.flatMap((issued) => [
    ...issued.invoice.lines.map((line) => lineRow(issued, line)),
    ...issued.invoice.taxes.map((group, index) => taxRow(issued, group, index)),
  ]),
});

/** What a row of billing periods needs to know of a document; all of a year's fit in a memory. */
export interface Covered {
  readonly period: Period;
  readonly issuer: string;
  readonly issuedAt: Instant;
}

export const covered = (issued: IssuedInvoice): Covered => ({
  period: issued.invoice.period,
  issuer: issuerOf(issued),
  issuedAt: issued.issuedAt,
});

/** The months that documents were issued for. What is exported is issued, so its period is closed. */
export function billingPeriods(documents: readonly Covered[]): FocusTable {
  const periods = Map.groupBy(documents, ({ period, issuer }) => JSON.stringify([period, issuer]));
  return { columns: BILLING_PERIOD, rows: [...periods.values()].map(periodRow) };
}

function periodRow(documents: readonly Covered[]): FocusRow {
  const byIssue = documents.toSorted((a, b) => a.issuedAt - b.issuedAt);
  const [first, last] = [byIssue[0], byIssue.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError("a period without a document");
  return {
    BillingPeriodStart: moment(first.period.start),
    BillingPeriodEnd: moment(first.period.end),
    BillingPeriodStatus: "Closed",
    BillingPeriodCreated: moment(first.issuedAt),
    BillingPeriodLastUpdated: moment(last.issuedAt),
    InvoiceIssuerName: first.issuer,
  };
}

const lineRow = (issued: IssuedInvoice, line: InvoiceLine): FocusRow => ({
  ...head(issued),
  BilledCost: pointed(formatMinor(line.amount, issued.invoice.currency)),
  ChargeCategory: categoryOf(line, issued),
  InvoiceDetailDescription: line.description,
  InvoiceDetailId: `${issued.number}/${line.position}`,
  InvoiceDetailGrain: JSON.stringify({
    ...(line.resource === undefined ? {} : { ResourceId: line.resource }),
    ...(line.kind === undefined ? { SkuId: line.sku } : {}),
    ...(line.project === undefined ? {} : { SubAccountId: line.project }),
    ...(line.region === undefined ? {} : { RegionId: line.region }),
  }),
});

const categoryOf = ({ kind, amount }: InvoiceLine, { invoice }: IssuedInvoice): string => {
  if (kind === undefined) return invoice.corrects === undefined ? "Usage" : "Adjustment";
  if (kind === "fee") return "Purchase";
  return amount < 0n ? "Credit" : "Adjustment";
};

const taxRow = (issued: IssuedInvoice, { category, tax }: TaxGroup, index: number): FocusRow => ({
  ...head(issued),
  BilledCost: pointed(formatMinor(tax, issued.invoice.currency)),
  ChargeCategory: "Tax",
  InvoiceDetailDescription: `Tax ${category}`,
  InvoiceDetailId: `${issued.number}/tax-${index + 1}`,
});

function head(issued: IssuedInvoice): FocusRow {
  const { number, issuedAt, dueDate, invoice } = issued;
  const { account, period, currency, corrects } = invoice;
  return {
    BillingAccountId: account.id,
    BillingCurrency: currency,
    BillingPeriodStart: moment(period.start),
    BillingPeriodEnd: moment(period.end),
    InvoiceDetailCreated: moment(issuedAt),
    InvoiceDetailLastUpdated: moment(issuedAt),
    InvoiceId: number,
    InvoiceIssueDate: moment(issuedAt),
    InvoiceIssueStatus: "Issued",
    InvoiceIssuerName: issuerOf(issued),
    PaymentCurrency: currency,
    PaymentDueDate: account.mode === "external" ? moment(instant(`${dueDate}T00:00:00Z`)) : undefined,
    PaymentTerms: account.paymentTerms ?? `${account.dueDays} days`,
    PurchaseOrderNumber: account.purchaseOrder,
    ReferenceInvoiceId: corrects?.number ?? number,
  };
}
