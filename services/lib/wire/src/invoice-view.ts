import {
  type Adjusting,
  type ChargeTier,
  type Completeness,
  type Corrected,
  decimal,
  formatMinor,
  type Invoice,
  type InvoiceLine,
  type IssuedInvoice,
  iso,
  ORDER,
  type PriceModel,
  partPercent,
  payable,
  type Rounding,
  rational,
  type Step,
  type TaxGroup,
  times,
} from "@raingauge/domain";

/** An invoice for people and programs that only read it: every number as the decimal digits an accountant would write. */
export interface InvoiceView {
  readonly kind: Invoice["kind"];
  readonly account: { readonly id: string; readonly name: string; readonly mode: "external" | "internal" };
  readonly projects: readonly string[];
  readonly period: { readonly start: string; readonly end: string };
  readonly zone: string;
  readonly tzVersion: string;
  readonly currency: string;
  readonly books: readonly { readonly name: string; readonly version: string }[];
  readonly rounding: Rounding;
  /** Absent where tax is rounded as the lines are. */
  readonly taxRounding?: Rounding;
  readonly net: string;
  readonly taxes: readonly TaxView[];
  readonly total: string;
  /** How well it is founded; absent where nobody looked. */
  readonly completeness?: CompletenessView;
  /** The whole tax in another currency, and how much of it one unit of the invoice's is; absent where nobody wants it. */
  readonly taxIn?: { readonly currency: string; readonly rate: string; readonly tax: string };
  /** What prepaid credit pays of the total; absent where it pays nothing. */
  readonly prepaid?: readonly { readonly credit: string; readonly amount: string }[];
  /** What is left to be paid. */
  readonly payable: string;
  /** The order in which it is worked out. */
  readonly order: readonly Step[];
  readonly corrects?: { readonly number: string; readonly reason: string; readonly entirely: boolean };
  readonly lines: readonly LineView[];
}

export interface CompletenessView {
  /** Of the time charged, in per cent, cut off to a tenth. */
  readonly seenPercent: string;
  readonly seenSeconds: string;
  readonly inferredSeconds: string;
  readonly resources: number;
  /** Of how many of them nobody confirmed that they ended. */
  readonly unreconciled: number;
  /** Who should have watched, by region and source. */
  readonly watched: readonly {
    readonly region: string;
    readonly source: string;
    readonly agents: number;
    readonly silent: number;
    readonly percent: string;
    readonly expectedSeconds: string;
    readonly seenSeconds: string;
  }[];
}

export interface TaxView {
  readonly category: string;
  /** In per cent. */
  readonly rate: string;
  readonly reason?: string;
  readonly net: string;
  readonly tax: string;
}

export interface LineView {
  readonly position: number;
  /** Set on a line that adjusts others, whose quantity is an amount of money. */
  readonly kind?: Adjusting | "correction";
  /** Absent on a line of the whole account. */
  readonly project?: string;
  /** Absent where all that is on the invoice was used in one region. */
  readonly region?: string;
  readonly sku: string;
  readonly description: string;
  readonly meter: string;
  readonly resource?: string;
  readonly resources: number;
  /** In units of the price, to 12 decimal places; what is charged is the exact fraction. */
  readonly quantity: string;
  readonly unit: string;
  /** How much of the quantity was free under the price's allowance; absent where it has none. */
  readonly freeQuantity?: string;
  /** How the tiers apply; absent where each holds its part at its own price. */
  readonly model?: PriceModel;
  /** In per cent, to 12 decimal places: the part of the use of its account, or of its project in all regions, that fills the tiers together. */
  readonly share?: string;
  readonly tiers: readonly { readonly quantity: string; readonly price: string; readonly cost: string }[];
  /** What was added up to the least charge of a use, to 12 decimal places; absent where the tiers came to more. */
  readonly raised?: string;
  /** What the price's cap took off, to 12 decimal places; absent where it was not reached. */
  readonly capped?: string;
  /** Before rounding, to 12 decimal places. */
  readonly cost: string;
  /** Without tax. */
  readonly amount: string;
  readonly tax?: { readonly category: string; readonly rate: string };
  /** On a correction: what was billed so far, and what should have been. */
  readonly change?: { readonly billed: string; readonly due: string };
  readonly readings: number;
  readonly seenSeconds: number;
  readonly inferredSeconds: number;
}

export interface IssuedInvoiceView extends InvoiceView {
  readonly number: string;
  readonly issuedAt: string;
  readonly issueDate: string;
  readonly dueDate: string;
  readonly watermark: string;
  readonly bookDigests: readonly string[];
  readonly accountDigest?: string;
  readonly previousHash: string;
  readonly hash: string;
}

export const viewIssued = (issued: IssuedInvoice): IssuedInvoiceView => ({
  number: issued.number,
  issuedAt: iso(issued.issuedAt),
  issueDate: issued.issueDate,
  dueDate: issued.dueDate,
  ...viewInvoice(issued.invoice),
  watermark: iso(issued.pins.watermark),
  bookDigests: issued.pins.bookDigests,
  ...(issued.pins.accountDigest === undefined ? {} : { accountDigest: issued.pins.accountDigest }),
  previousHash: issued.previousHash,
  hash: issued.hash,
});

export function viewInvoice(invoice: Invoice): InvoiceView {
  const { kind, account, projects, period, zone, tzVersion, currency, books, rounding, net, taxes, total } = invoice;
  const { completeness, corrects, lines, prepaid, taxIn, taxRounding } = invoice;
  return {
    kind,
    account: { id: account.id, name: account.name, mode: account.mode },
    projects: projects.map(({ id }) => id),
    period: { start: iso(period.start), end: iso(period.end) },
    zone,
    tzVersion,
    currency,
    books,
    rounding,
    ...(taxRounding === undefined ? {} : { taxRounding }),
    net: formatMinor(net, currency),
    taxes: taxes.map((group) => viewTax(group, currency)),
    total: formatMinor(total, currency),
    ...(completeness === undefined ? {} : { completeness: viewCompleteness(completeness) }),
    ...(taxIn === undefined
      ? {}
      : {
          taxIn: {
            currency: taxIn.currency,
            rate: decimal(taxIn.rate, DISPLAY_PLACES),
            tax: formatMinor(taxIn.tax, taxIn.currency),
          },
        }),
    ...(prepaid === undefined
      ? {}
      : { prepaid: prepaid.map(({ credit, amount }) => ({ credit, amount: formatMinor(amount, currency) })) }),
    payable: formatMinor(payable(invoice), currency),
    order: ORDER,
    ...(corrects === undefined ? {} : { corrects: viewCorrected(corrects) }),
    lines: lines.map((line) => viewLine(line, currency)),
  };
}

const viewTax = ({ category, rate, reason, net, tax }: TaxGroup, currency: string): TaxView => ({
  category,
  rate: decimal(rate, DISPLAY_PLACES),
  ...(reason === undefined ? {} : { reason: reason.text }),
  net: formatMinor(net, currency),
  tax: formatMinor(tax, currency),
});

const viewCompleteness = ({
  observedMs,
  inferredMs,
  resources,
  unreconciled,
  watched,
}: Completeness): CompletenessView => ({
  seenPercent: partPercent(observedMs, observedMs + inferredMs),
  seenSeconds: seconds(observedMs),
  inferredSeconds: seconds(inferredMs),
  resources,
  unreconciled,
  watched: watched.map(({ expectedMs, seenMs, ...rest }) => ({
    ...rest,
    percent: partPercent(seenMs, expectedMs),
    expectedSeconds: seconds(expectedMs),
    seenSeconds: seconds(seenMs),
  })),
});

const seconds = (ms: bigint): string => decimal(rational(ms, 1_000n), 3);

const viewCorrected = ({ number, reason, entirely }: Corrected) => ({ number, reason, entirely });

const DISPLAY_PLACES = 12;

export const viewLine = (line: InvoiceLine, currency: string): LineView => ({
  position: line.position,
  ...(line.kind === undefined ? {} : { kind: line.kind }),
  ...(line.project === undefined ? {} : { project: line.project }),
  ...(line.region === undefined ? {} : { region: line.region }),
  sku: line.sku,
  description: line.description,
  meter: line.meter,
  ...(line.resource === undefined ? {} : { resource: line.resource }),
  resources: line.resources,
  quantity: decimal(line.units, DISPLAY_PLACES),
  unit: line.unit,
  ...(line.freeUnits === undefined ? {} : { freeQuantity: decimal(line.freeUnits, DISPLAY_PLACES) }),
  ...(line.model === undefined ? {} : { model: line.model }),
  ...(line.share === undefined ? {} : { share: decimal(times(line.share, rational(100n)), DISPLAY_PLACES) }),
  tiers: line.tiers.map(viewTier),
  ...(line.raised === undefined ? {} : { raised: decimal(line.raised, DISPLAY_PLACES) }),
  ...(line.capped === undefined ? {} : { capped: decimal(line.capped, DISPLAY_PLACES) }),
  cost: decimal(line.cost, DISPLAY_PLACES),
  amount: formatMinor(line.amount, currency),
  ...(line.tax === undefined
    ? {}
    : { tax: { category: line.tax.category, rate: decimal(line.tax.rate, DISPLAY_PLACES) } }),
  ...(line.change === undefined
    ? {}
    : { change: { billed: formatMinor(line.change.billed, currency), due: formatMinor(line.change.due, currency) } }),
  readings: line.evidence.readings,
  seenSeconds: line.evidence.observedMs / 1_000,
  inferredSeconds: line.evidence.inferredMs / 1_000,
});

const viewTier = ({ units, amount, cost }: ChargeTier): LineView["tiers"][number] => ({
  quantity: decimal(units, DISPLAY_PLACES),
  price: decimal(amount, DISPLAY_PLACES),
  cost: decimal(cost, DISPLAY_PLACES),
});
