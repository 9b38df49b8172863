import {
  compare,
  decimal,
  formatMinor,
  type Instant,
  type InvoiceLine,
  type IssuedInvoice,
  iso,
  minus,
  parseDecimal,
  type Rational,
  rational,
  type TaxGroup,
  times,
  wholeSecond,
  ZERO,
} from "@raingauge/domain";
import { allDigits } from "../digits.ts";
import { type LinePart, partsOf } from "../parts.ts";
import { COST_AND_USAGE, columnsOf, type FocusRow, type FocusTable, type FocusVersion } from "./columns.ts";
import { focusUnit, serviceOf } from "./service.ts";

/** Issued documents as FOCUS rows: a row for each price that was paid. The rows of a document add up to what is to be paid for it. */
export const costAndUsage = (documents: readonly IssuedInvoice[], version: FocusVersion): FocusTable => ({
  columns: columnsOf(COST_AND_USAGE, version),
  rows: documents.flatMap((issued) => [
    ...issued.invoice.lines.flatMap((line) => lineRows(issued, line)),
    ...issued.invoice.taxes.map((group, index) => taxRow(issued, group, index)),
  ]),
});

function lineRows(issued: IssuedInvoice, line: InvoiceLine): FocusRow[] {
  const shared = { ...head(issued), ...subject(line), InvoiceDetailId: `${issued.number}/${line.position}` };
  if (line.kind === "fee") return [recurring(issued, line, shared)];
  if (line.kind !== undefined) return [adjusting(issued, line, shared)];
  const { currency } = issued.invoice;
  return [
    ...partsOf(line, currency).flatMap((part) => partRows(part, line, { shared, currency })),
    ...(line.freeUnits === undefined || compare(line.freeUnits, ZERO) === 0 ? [] : [freeRow(line, shared)]),
  ];
}

interface Surroundings {
  readonly shared: FocusRow;
  readonly currency: string;
}

/** A discount must be on the whole of a row: what a cap made free is a row of its own, at nothing. */
function partRows(part: LinePart, line: InvoiceLine, { shared, currency }: Surroundings): FocusRow[] {
  if (part.isWhole) return [corrected(part, line, { shared, currency })];
  if (compare(part.capped, ZERO) === 0) return [usageRow(part, line, { shared, currency })];
  const free = times(part.capped, rational(part.price.denominator, part.price.numerator));
  const paid: LinePart = { ...part, units: minus(part.units, free) };
  return [
    usageRow(paid, line, { shared, currency }),
    {
      ...usageRow({ ...part, units: free, amount: 0n }, line, { shared, currency }),
      ChargeDescription: `${line.description}, above the monthly cap`,
    },
  ];
}

function usageRow(part: LinePart, line: InvoiceLine, { shared, currency }: Surroundings): FocusRow {
  const quantity = decimal(part.units, PLACES);
  const price = digits(part.price);
  const cost = product(quantity, price);
  const billed = formatMinor(part.amount, currency);
  return {
    ...shared,
    BilledCost: pointed(billed),
    EffectiveCost: pointed(billed),
    ListCost: cost,
    ContractedCost: cost,
    ListUnitPrice: pointed(price),
    ContractedUnitPrice: pointed(price),
    PricingCategory: "Standard",
    PricingQuantity: pointed(quantity),
    PricingUnit: focusUnit(line.unit),
    ConsumedQuantity: pointed(quantity),
    ConsumedUnit: focusUnit(line.unit),
    SkuPriceId: `${line.sku}/${part.position}`,
    x_TierIndex: pointed(String(part.position)),
  };
}

/** What was free under an allowance is a tier of its own, which costs nothing. */
function freeRow(line: InvoiceLine, shared: FocusRow): FocusRow {
  const quantity = pointed(decimal(line.freeUnits ?? ZERO, PLACES));
  return {
    ...shared,
    ChargeDescription: `${line.description}, free allowance`,
    BilledCost: "0.0",
    EffectiveCost: "0.0",
    ListCost: "0.0",
    ContractedCost: "0.0",
    ListUnitPrice: "0.0",
    ContractedUnitPrice: "0.0",
    PricingCategory: "Standard",
    PricingQuantity: quantity,
    PricingUnit: focusUnit(line.unit),
    ConsumedQuantity: quantity,
    ConsumedUnit: focusUnit(line.unit),
    SkuPriceId: `${line.sku}/free`,
    x_TierIndex: "0.0",
  };
}

/** A difference that no quantity times a price explains. */
const corrected = (part: LinePart, line: InvoiceLine, { shared, currency }: Surroundings): FocusRow => ({
  ...shared,
  ...costs(formatMinor(part.amount, currency)),
  ChargeCategory: "Adjustment",
  ChargeFrequency: "One-Time",
  SkuPriceId: undefined,
  SkuId: line.sku,
});

/** A fee is bought again in each cycle: so many cycles at its price. */
function recurring({ invoice }: IssuedInvoice, line: InvoiceLine, shared: FocusRow): FocusRow {
  const quantity = decimal(line.units, PLACES);
  const price = digits(line.tiers[0]?.amount ?? ZERO);
  const cost = product(quantity, price);
  const billed = pointed(formatMinor(line.amount, invoice.currency));
  return {
    ...shared,
    BilledCost: billed,
    EffectiveCost: billed,
    ListCost: cost,
    ContractedCost: cost,
    ListUnitPrice: pointed(price),
    ContractedUnitPrice: pointed(price),
    PricingCategory: "Standard",
    PricingQuantity: pointed(quantity),
    PricingUnit: focusUnit(line.unit),
    ChargeCategory: "Purchase",
    ChargeFrequency: "Recurring",
    SkuPriceId: `${line.sku}/1`,
    SkuMeter: undefined,
  };
}

function adjusting({ invoice }: IssuedInvoice, line: InvoiceLine, shared: FocusRow): FocusRow {
  const billed = formatMinor(line.amount, invoice.currency);
  const isCredit = line.amount < 0n;
  return {
    ...shared,
    ...costs(billed),
    ChargeCategory: isCredit ? "Credit" : "Adjustment",
    ChargeFrequency: "One-Time",
    SkuId: undefined,
    SkuMeter: undefined,
  };
}

function taxRow(issued: IssuedInvoice, { category, rate, tax }: TaxGroup, index: number): FocusRow {
  return {
    ...head(issued),
    ...costs(formatMinor(tax, issued.invoice.currency)),
    ServiceCategory: "Other",
    ServiceSubcategory: "Other (Other)",
    ServiceName: "Billing",
    ChargeCategory: "Tax",
    ChargeFrequency: "One-Time",
    ChargeDescription: `Tax ${category} ${decimal(rate, PLACES)} %`,
    InvoiceDetailId: `${issued.number}/tax-${index + 1}`,
  };
}

const costs = (billed: string): FocusRow => ({
  BilledCost: pointed(billed),
  EffectiveCost: pointed(billed),
  ListCost: pointed(billed),
  ContractedCost: pointed(billed),
});

function subject(line: InvoiceLine): FocusRow {
  const service = serviceOf(line.meter);
  return {
    ChargeCategory: "Usage",
    ChargeFrequency: "Usage-Based",
    ChargeDescription: line.description,
    ServiceCategory: service.category,
    ServiceSubcategory: service.subcategory,
    ServiceName: service.name,
    SkuId: line.sku,
    SkuMeter: service.meter,
    ...(line.region === undefined ? {} : { RegionId: line.region, RegionName: line.region }),
    ...(line.resource === undefined ? {} : { ResourceId: line.resource, ResourceType: service.resourceType }),
    ...(line.project === undefined
      ? {}
      : { SubAccountId: line.project, SubAccountName: line.project, SubAccountType: "Project" }),
    x_InvoiceLine: pointed(String(line.position)),
  };
}

function head(issued: IssuedInvoice): FocusRow {
  const { number, invoice, hash } = issued;
  const issuer = issuerOf(issued);
  return {
    BillingAccountId: invoice.account.id,
    BillingAccountName: invoice.account.name,
    BillingAccountType: invoice.account.mode === "external" ? "Customer" : "Internal",
    BillingCurrency: invoice.currency,
    BillingPeriodStart: moment(invoice.period.start),
    BillingPeriodEnd: moment(invoice.period.end),
    ChargePeriodStart: moment(invoice.period.start),
    ChargePeriodEnd: moment(invoice.period.end),
    ChargeClass: invoice.corrects === undefined ? undefined : "Correction",
    InvoiceId: number,
    InvoiceIssuerName: issuer,
    ProviderName: issuer,
    PublisherName: issuer,
    ServiceProviderName: issuer,
    HostProviderName: issuer,
    x_DocumentHash: hash,
    x_OriginalInvoiceId: invoice.corrects?.number,
    x_RateCardVersionId: invoice.books.map(({ name, version }) => `${name}@${version}`).join(" "),
  };
}

/** Who runs the cloud; within a house nobody is named on the paper. */
export const issuerOf = ({ invoice }: IssuedInvoice): string => invoice.account.seller?.name ?? "Raingauge";

/** To the second, as FOCUS has them. */
export const moment = (instant: Instant): string => iso(wholeSecond(instant));

const PLACES = 12;

/** A price is decimal from the book on; one that is not is shown to the last place that a price may have. */
const digits = (price: Rational): string => allDigits(price) ?? decimal(price, PLACES);

/** The product of the two figures as they are printed, with every digit: whoever multiplies them must find it. */
const product = (quantity: string, price: string): string =>
  pointed(allDigits(times(parseDecimal(quantity), parseDecimal(price))) ?? "0");

/** A decimal column says that it is one: some readers take `7` for another type than `7.5`. */
export const pointed = (text: string): string => (text.includes(".") ? text : `${text}.0`);
