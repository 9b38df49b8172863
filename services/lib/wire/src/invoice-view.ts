import {
  type ChargeTier,
  decimal,
  formatMinor,
  type Invoice,
  type InvoiceLine,
  type IssuedInvoice,
  iso,
  type PriceModel,
} from "@raingauge/domain";

/** An invoice for people and programs that only read it: every number as the decimal digits an accountant would write. */
export interface InvoiceView {
  readonly project: string;
  readonly period: { readonly start: string; readonly end: string };
  readonly zone: string;
  readonly currency: string;
  readonly book: { readonly name: string; readonly version: string };
  readonly total: string;
  readonly lines: readonly LineView[];
}

export interface LineView {
  readonly position: number;
  /** Set on a line that adjusts others, whose quantity is an amount of money. */
  readonly kind?: "discount" | "minimum";
  readonly sku: string;
  readonly description: string;
  readonly meter: string;
  readonly resource?: string;
  readonly resources: number;
  /** In units of the price, to 12 decimal places; what is charged is the exact fraction. */
  readonly quantity: string;
  readonly unit: string;
  /** How much of the quantity was free under the project's allowance; absent where the price has none. */
  readonly freeQuantity?: string;
  /** How the tiers apply; absent where each holds its part at its own price. */
  readonly model?: PriceModel;
  readonly tiers: readonly { readonly quantity: string; readonly price: string; readonly cost: string }[];
  /** What was added up to the least charge of a use, to 12 decimal places; absent where the tiers came to more. */
  readonly raised?: string;
  /** What the price's cap took off, to 12 decimal places; absent where it was not reached. */
  readonly capped?: string;
  /** Before rounding, to 12 decimal places. */
  readonly cost: string;
  readonly amount: string;
  readonly readings: number;
  readonly seenSeconds: number;
  readonly inferredSeconds: number;
}

export interface IssuedInvoiceView extends InvoiceView {
  readonly number: string;
  readonly issuedAt: string;
  readonly watermark: string;
  readonly bookDigest: string;
  readonly previousHash: string;
  readonly hash: string;
}

export const viewIssued = (issued: IssuedInvoice): IssuedInvoiceView => ({
  number: issued.number,
  issuedAt: iso(issued.issuedAt),
  ...viewInvoice(issued.invoice),
  watermark: iso(issued.pins.watermark),
  bookDigest: issued.pins.bookDigest,
  previousHash: issued.previousHash,
  hash: issued.hash,
});

export const viewInvoice = ({ project, period, zone, currency, book, lines, total }: Invoice): InvoiceView => ({
  project,
  period: { start: iso(period.start), end: iso(period.end) },
  zone,
  currency,
  book,
  total: formatMinor(total, currency),
  lines: lines.map((line) => viewLine(line, currency)),
});

const DISPLAY_PLACES = 12;

export const viewLine = (line: InvoiceLine, currency: string): LineView => ({
  position: line.position,
  ...(line.kind === undefined ? {} : { kind: line.kind }),
  sku: line.sku,
  description: line.description,
  meter: line.meter,
  ...(line.resource === undefined ? {} : { resource: line.resource }),
  resources: line.resources,
  quantity: decimal(line.units, DISPLAY_PLACES),
  unit: line.unit,
  ...(line.freeUnits === undefined ? {} : { freeQuantity: decimal(line.freeUnits, DISPLAY_PLACES) }),
  ...(line.model === undefined ? {} : { model: line.model }),
  tiers: line.tiers.map(viewTier),
  ...(line.raised === undefined ? {} : { raised: decimal(line.raised, DISPLAY_PLACES) }),
  ...(line.capped === undefined ? {} : { capped: decimal(line.capped, DISPLAY_PLACES) }),
  cost: decimal(line.cost, DISPLAY_PLACES),
  amount: formatMinor(line.amount, currency),
  readings: line.evidence.readings,
  seenSeconds: line.evidence.observedMs / 1_000,
  inferredSeconds: line.evidence.inferredMs / 1_000,
});

const viewTier = ({ units, amount, cost }: ChargeTier): LineView["tiers"][number] => ({
  quantity: decimal(units, DISPLAY_PLACES),
  price: decimal(amount, DISPLAY_PLACES),
  cost: decimal(cost, DISPLAY_PLACES),
});
