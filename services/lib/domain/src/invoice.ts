import type { BilledAccount } from "./account.ts";
import type { Calendar } from "./calendar.ts";
import type { Charge, Rating } from "./charge.ts";
import { chargedLines } from "./charged-line.ts";
import { type Completeness, completeness, type Watched } from "./completeness.ts";
import { type AvailableCredit, type CreditUse, prepayments, promotions } from "./credit.ts";
import { discounts } from "./discount.ts";
import { fees } from "./fee.ts";
import type { Period } from "./instant.ts";
import { minimums } from "./minimum.ts";
import type { Currency } from "./money.ts";
import type { PriceBook } from "./price.ts";
import type { PriceModel } from "./price-model.ts";
import type { Rational } from "./rational.ts";
import type { Rounding } from "./rounding.ts";
import {
  type ConvertedTax,
  convertedTax,
  type LineTax,
  type TaxCurrency,
  type TaxGroup,
  type TaxTreatment,
  taxGroups,
} from "./tax.ts";
import type { ChargeTier } from "./tier.ts";
import type { Evidence } from "./usage.ts";

/**
 * What one account owes for one period, each line rounded once. A draft is live; it becomes a document when the ledger
 * gives it a number, and from then on it is never changed, only corrected by another document.
 */
export interface Invoice {
  readonly kind: "invoice" | "credit-note" | "debit-note";
  readonly account: BilledAccount;
  /** Whose usage is on it, and of which part of the period: nobody else may be billed for that time. By id. */
  readonly projects: readonly BilledProject[];
  readonly period: Period;
  /** The zone in which the period is a month; its bounds are kept as instants, so that no new rule of a zone moves them. */
  readonly zone: string;
  /** The release of the time zone database that said where the month begins and ends. */
  readonly tzVersion: string;
  readonly currency: Currency;
  /** The price books that priced it. */
  readonly books: readonly BookVersion[];
  readonly rounding: Rounding;
  /** How its tax was rounded; absent where that is as its lines are. */
  readonly taxRounding?: Rounding;
  readonly lines: readonly InvoiceLine[];
  /** In minor units: the sum of the lines' amounts, so that what is printed adds up. */
  readonly net: bigint;
  /** By category and rate; none on an internal account's. */
  readonly taxes: readonly TaxGroup[];
  /** In minor units, net and taxes: what is owed. Negative on a credit note, whose lines are what changes. */
  readonly total: bigint;
  /** How well it is founded; absent where nobody looked who was watching. */
  readonly completeness?: Completeness;
  /** Its whole tax in another currency; absent where nobody wants it so. On a correction what changes. */
  readonly taxIn?: ConvertedTax;
  /** What prepaid credit paid of the total; absent where it paid nothing. On a correction what changes. */
  readonly prepaid?: readonly CreditUse[];
  /** Set on a credit or debit note. */
  readonly corrects?: Corrected;
}

export interface BilledProject {
  readonly id: string;
  readonly period: Period;
}

export interface BookVersion {
  readonly name: string;
  readonly version: string;
}

/** Which document a credit or debit note changes, and why. */
export interface Corrected {
  readonly number: string;
  readonly hash: string;
  /** The hash of the newest document about the same thing when this one was worked out; each has one successor at most. */
  readonly after: string;
  readonly reason: string;
  /** Takes back everything: the original counts as never issued, and its period may be billed anew. */
  readonly entirely: boolean;
}

/** What a line is for that does not charge what was used. */
export type Adjusting = "discount" | "minimum" | "fee" | "credit";

export interface InvoiceLine {
  /** From 1. */
  readonly position: number;
  /** Set on a line that adjusts others, and so has no meter, no quantity and no evidence of its own. */
  readonly kind?: Adjusting | "correction";
  /** Of which adjusting line a correction is; absent where it is of one that was used. */
  readonly of?: Adjusting;
  /** Absent on a line of the whole account. */
  readonly project?: string;
  /** Where it was used; absent where all that is on the invoice was used in one region, and on a line that adjusts others. */
  readonly region?: string;
  readonly sku: string;
  readonly description: string;
  readonly meter: string;
  readonly resource?: string;
  readonly resources: number;
  /** In the meter's base unit, × ms for gauges. */
  readonly quantity: bigint;
  /** The quantity in units of the price. */
  readonly units: Rational;
  readonly unit: string;
  /** How many of the units were free under the price's allowance; absent where it has none. */
  readonly freeUnits?: Rational;
  /** How the tiers apply; absent where each holds its part at its own amount. */
  readonly model?: PriceModel;
  /** Which part this is of the use that fills the tiers together, its account's or its project's; they show this part of them. */
  readonly share?: Rational;
  readonly tiers: readonly ChargeTier[];
  /** What was added up to the least charge of a use, in the currency; absent where the tiers came to more. */
  readonly raised?: Rational;
  /** What the price's cap took off the tiers' costs, in the currency; absent where it was not reached. */
  readonly capped?: Rational;
  /** Exact, in the currency. */
  readonly cost: Rational;
  /** Rounded once, in minor units, without tax. */
  readonly amount: bigint;
  /** Absent on an internal account's. */
  readonly tax?: LineTax;
  readonly evidence: Evidence;
  /** On a correction: in minor units what was billed so far, and what should have been. Their difference is the amount. */
  readonly change?: { readonly billed: bigint; readonly due: bigint };
}

/** A line before its place and its tax are known. */
export type UntaxedLine = Omit<InvoiceLine, "position" | "tax">;

export interface InvoiceTerms {
  readonly account: BilledAccount;
  readonly projects: readonly BilledProject[];
  readonly period: Period;
  readonly zone: string;
  readonly tzVersion: string;
  readonly book: PriceBook;
  readonly rounding: Rounding;
  /** Absent where the account is not taxed. */
  readonly tax?: TaxTreatment | undefined;
  readonly taxRounding?: Rounding | undefined;
  readonly taxCurrency?: TaxCurrency | undefined;
  /** Who watched meanwhile, where somebody looked. */
  readonly watched?: readonly Watched[] | undefined;
  /** The account's zone's; needed where the book has fees. */
  readonly calendar?: Calendar;
  /** What the account can draw. */
  readonly credits?: readonly AvailableCredit[];
  /** Only some of the account's projects are looked at: what is of the account as a whole is left out. */
  readonly isPart?: boolean;
  /** An account's shared amount is split over all lines at once, as documents of before are: regions may then move a cent between projects. */
  readonly splitsByLine?: boolean | undefined;
}

/** Adds what it has to say to the lines before it. */
type LineStep = (lines: readonly UntaxedLine[], terms: InvoiceTerms) => UntaxedLine[];

/** From the rounded lines to the tax, in the order of `ORDER`: each step stands on the amounts as they are printed so far. */
const STEPS: readonly LineStep[] = [discounts, minimums, fees, promotions];

/**
 * Turns an account's charges into its invoice: a line for each, in their order; then what each step adds; then the tax, and
 * what prepaid credit pays of it all. Throws RangeError if a charge belongs to a project that is not billed here.
 */
export function invoice({ charges }: Pick<Rating, "charges">, terms: InvoiceTerms): Invoice {
  const { book, rounding, splitsByLine, tax, taxRounding = rounding, taxCurrency } = terms;
  refuseStrangers(charges, terms);
  const charged = chargedLines(charges, { currency: book.currency, rounding, splitsByLine });
  const untaxed = STEPS.reduce((so, step) => so.concat(step(so, terms)), charged);
  const lines = untaxed.map((each, index) => ({
    position: index + 1,
    ...each,
    ...(tax === undefined ? {} : { tax: { category: tax.category, rate: tax.rate } }),
  }));
  const net = lines.reduce((total, { amount }) => total + amount, 0n);
  const reasons = tax === undefined ? [] : [tax];
  const taxes = taxGroups(lines, { currency: book.currency, rounding: taxRounding, reasons });
  const allTax = taxes.reduce((sum, group) => sum + group.tax, 0n);
  const total = net + allTax;
  const prepaid = prepayments(untaxed, total, terms);
  return {
    kind: "invoice",
    account: terms.account,
    projects: terms.projects,
    period: terms.period,
    zone: terms.zone,
    tzVersion: terms.tzVersion,
    currency: book.currency,
    books: [{ name: book.name, version: book.version }],
    rounding,
    ...(taxRounding === rounding ? {} : { taxRounding }),
    lines,
    net,
    taxes,
    ...(terms.watched === undefined ? {} : { completeness: completeness(charges, terms.watched) }),
    total,
    ...(tax === undefined || taxCurrency === undefined
      ? {}
      : { taxIn: convertedTax(allTax, book.currency, taxCurrency, taxRounding) }),
    ...(prepaid.length === 0 ? {} : { prepaid }),
  };
}

function refuseStrangers(charges: readonly Charge[], { account, projects }: InvoiceTerms): void {
  const known = new Set(projects.map(({ id }) => id));
  const stranger = charges.find(({ project }) => !known.has(project));
  if (stranger !== undefined)
    throw new RangeError(`a charge of project ${stranger.project} cannot be billed to ${account.id}`);
}
