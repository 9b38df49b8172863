import type { Charge, Rating } from "./charge.ts";
import { discounts } from "./discount.ts";
import type { Period } from "./instant.ts";
import { shortfall } from "./minimum.ts";
import { type Currency, toMinor } from "./money.ts";
import { agreedBook } from "./override.ts";
import { NO_EVIDENCE, sumEvidence } from "./portion.ts";
import type { PriceBook } from "./price.ts";
import type { PriceModel } from "./price-model.ts";
import type { Rational } from "./rational.ts";
import type { ChargeTier } from "./tier.ts";
import type { Evidence } from "./usage.ts";

/**
 * What one project owes for one period, each line rounded once. A draft is live; it becomes a document when the ledger
 * gives it a number, and from then on it is never changed, only corrected by another document.
 */
export interface Invoice {
  readonly project: string;
  readonly period: Period;
  /** The zone in which the period is a month; its bounds are kept as instants. */
  readonly zone: string;
  readonly currency: Currency;
  readonly book: { readonly name: string; readonly version: string };
  readonly rounding: "half-up";
  readonly lines: readonly InvoiceLine[];
  /** In minor units: the sum of the lines' amounts, so that what is printed adds up. */
  readonly total: bigint;
}

export interface InvoiceLine {
  /** From 1. */
  readonly position: number;
  /** Set on a line that adjusts others, and so has no meter, no quantity and no evidence of its own. */
  readonly kind?: "discount" | "minimum";
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
  /** Rounded once, in minor units. */
  readonly amount: bigint;
  readonly evidence: Evidence;
}

/** A line before its place among the others is known. */
export type UnplacedLine = Omit<InvoiceLine, "position">;

interface Terms {
  readonly project: string;
  readonly period: Period;
  readonly zone: string;
  readonly book: PriceBook;
}

/**
 * Turns one project's charges into its invoice: a line for each, then what is off them, then what is missing to the minimum.
 * Throws RangeError if a charge belongs to another project.
 */
export function invoice({ charges }: Pick<Rating, "charges">, { project, period, zone, book }: Terms): Invoice {
  const agreed = agreedBook(book, { project });
  const stranger = charges.find((charge) => charge.project !== project);
  if (stranger !== undefined)
    throw new RangeError(`a charge of project ${stranger.project} cannot be billed to ${project}`);
  const used = charges.map((charge) => line(charge, book.currency));
  const discounted = [...used, ...discounts(used, agreed)];
  const lines = [...discounted, ...shortfall(discounted, agreed, period)].map((each, index) => ({
    position: index + 1,
    ...each,
  }));
  return {
    project,
    period,
    zone,
    currency: book.currency,
    book: { name: book.name, version: book.version },
    rounding: "half-up",
    lines,
    total: lines.reduce((total, { amount }) => total + amount, 0n),
  };
}

function line(
  { price, resource, quantity, units, freeUnits, tiers, raised, capped, cost, usages }: Charge,
  currency: Currency,
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
    amount: toMinor(cost, currency),
    evidence: usages.map((usage) => usage.evidence).reduce(sumEvidence, NO_EVIDENCE),
  };
}
