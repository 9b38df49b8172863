import type { BilledAccount } from "./account.ts";
import type { Charge, Rating } from "./charge.ts";
import { type Completeness, completeness, type Watched } from "./completeness.ts";
import { discounts } from "./discount.ts";
import type { Period } from "./instant.ts";
import { shortfall } from "./minimum.ts";
import { type Currency, toMinor } from "./money.ts";
import { agreedBook } from "./override.ts";
import { NO_EVIDENCE, sumEvidence } from "./portion.ts";
import type { PriceBook } from "./price.ts";
import type { PriceModel } from "./price-model.ts";
import type { Rational } from "./rational.ts";
import type { Rounding } from "./rounding.ts";
import { type LineTax, type TaxGroup, type TaxTreatment, taxGroups } from "./tax.ts";
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
  readonly lines: readonly InvoiceLine[];
  /** In minor units: the sum of the lines' amounts, so that what is printed adds up. */
  readonly net: bigint;
  /** By category and rate; none on an internal account's. */
  readonly taxes: readonly TaxGroup[];
  /** In minor units, net and taxes: what is to be paid. Negative on a credit note, whose lines are what changes. */
  readonly total: bigint;
  /** How well it is founded; absent where nobody looked who was watching. */
  readonly completeness?: Completeness;
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

export interface InvoiceLine {
  /** From 1. */
  readonly position: number;
  /** Set on a line that adjusts others, and so has no meter, no quantity and no evidence of its own. */
  readonly kind?: "discount" | "minimum" | "correction";
  /** Of which adjusting line a correction is; absent where it is of one that was used. */
  readonly of?: "discount" | "minimum";
  /** Absent on a line of the whole account. */
  readonly project?: string;
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
  /** How many of the units were free under the project's allowance; absent where the price has none. */
  readonly freeUnits?: Rational;
  /** How the tiers apply; absent where each holds its part at its own amount. */
  readonly model?: PriceModel;
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

/** A line before its place, its project and its tax are known. */
export type UnplacedLine = Omit<InvoiceLine, "position" | "project" | "tax">;

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
  /** Who watched meanwhile, where somebody looked. */
  readonly watched?: readonly Watched[] | undefined;
}

/**
 * Turns an account's charges into its invoice: a line for each, in their order; then, project by project, what is off them;
 * then what is missing to the minimum. Throws RangeError if a charge belongs to a project that is not billed here.
 */
export function invoice({ charges }: Pick<Rating, "charges">, terms: InvoiceTerms): Invoice {
  const { book, rounding, tax } = terms;
  const lines = linesOf(charges, terms).map((each, index) => ({
    position: index + 1,
    ...each,
    ...(tax === undefined ? {} : { tax: { category: tax.category, rate: tax.rate } }),
  }));
  const net = lines.reduce((total, { amount }) => total + amount, 0n);
  const reasons = tax === undefined ? [] : [tax];
  const taxes = taxGroups(lines, { currency: book.currency, rounding, reasons });
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
    lines,
    net,
    taxes,
    total: taxes.reduce((total, group) => total + group.tax, net),
    ...(terms.watched === undefined ? {} : { completeness: completeness(charges, terms.watched) }),
  };
}

type UntaxedLine = Omit<InvoiceLine, "position" | "tax">;

function linesOf(
  charges: readonly Charge[],
  { account, projects, book, period, rounding }: InvoiceTerms,
): UntaxedLine[] {
  const known = new Set(projects.map(({ id }) => id));
  const stranger = charges.find(({ project }) => !known.has(project));
  if (stranger !== undefined)
    throw new RangeError(`a charge of project ${stranger.project} cannot be billed to ${account.id}`);
  const used = charges.map((charge) => ({ project: charge.project, ...line(charge, book.currency, rounding) }));
  const byProject = [...Map.groupBy(used, ({ project }) => project)];
  const agreed = (project: string): PriceBook => agreedBook(book, { account: account.id, project });
  const off = byProject.map(([project, mine]) => [project, discounts(mine, agreed(project), rounding)] as const);
  const owed = off.map(([project, less]) => {
    const mine = [...used.filter((each) => each.project === project), ...less];
    return [project, shortfall(mine, agreed(project), period, rounding)] as const;
  });
  return [...used, ...[...off, ...owed].flatMap(([project, mine]) => mine.map((each) => ({ project, ...each })))];
}

function line(
  { price, resource, quantity, units, freeUnits, tiers, raised, capped, cost, usages }: Charge,
  currency: Currency,
  rounding: Rounding,
): UnplacedLine {
  return {
    sku: price.sku,
    description: price.description,
    meter: price.meter,
    ...(resource === undefined ? {} : { resource }),
    resources: new Set(usages.map((usage) => usage.resource)).size,
    quantity,
    units,
    unit: price.per.label,
    ...(freeUnits === undefined ? {} : { freeUnits }),
    ...(price.model === undefined ? {} : { model: price.model }),
    tiers,
    ...(raised === undefined ? {} : { raised }),
    ...(capped === undefined ? {} : { capped }),
    cost,
    amount: toMinor(cost, currency, rounding),
    evidence: usages.map((usage) => usage.evidence).reduce(sumEvidence, NO_EVIDENCE),
  };
}
