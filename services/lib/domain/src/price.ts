import { type Attributes, attributeNamed, attributeOf } from "./attribute.ts";
import type { Fee } from "./fee.ts";
import type { Least } from "./least.ts";
import type { Minimum } from "./minimum.ts";
import type { Currency } from "./money.ts";
import type { Override } from "./override.ts";
import { alternatives, fits, looseness, type Pattern } from "./pattern.ts";
import type { PriceModel } from "./price-model.ts";
import type { Rational } from "./rational.ts";
import type { Tier } from "./tier.ts";
import type { Usage } from "./usage.ts";

/** What things cost: a document with a version. Published, it is never changed, only superseded. */
export interface PriceBook {
  readonly name: string;
  readonly version: string;
  readonly currency: Currency;
  /** Which month a price "per month" means: the calendar month's own length, or 730 hours always. */
  readonly month: "calendar" | "730h";
  readonly prices: readonly Price[];
  /** What prices can ask of the values of dimensions, as `flavor.accelerator`. */
  readonly attributes?: Attributes;
  /** Off everything that a project pays, after the discounts of single prices, as a line of its own. */
  readonly discountPercent?: Rational;
  /** Instead: so much off, in the currency, and never more than there is. */
  readonly discountAmount?: Rational;
  /** Whose the amount is, once in each billing period; each project's where it is absent. Projects share what is their account's. */
  readonly discountScope?: "account";
  readonly minimum?: Minimum;
  /** What is owed whether or not anything was used. */
  readonly fees?: readonly Fee[];
  /** What was agreed with single accounts and projects. */
  readonly overrides?: readonly Override[];
  /** Meters that are deliberately not charged for. Any other usage without a price is unpriced, which is an error to show. */
  readonly free: readonly string[];
}

export interface Price {
  /** The article number, unique in its book. */
  readonly sku: string;
  readonly description: string;
  readonly meter: string;
  /** What it asks of which dimensions; `region` is one of every meter. A dimension left out matches anything. */
  readonly where: Conditions;
  readonly per: PriceUnit;
  /** Whose usage is counted together where a price has tiers. */
  readonly scope: "resource" | "project" | "account";
  /** So many units are free in each billing period, before anything is priced. */
  readonly allowance?: Rational;
  /** Who shares the allowance: the whole account; where absent, whoever is counted together, but at least each project. */
  readonly allowanceScope?: "account";
  /** How the tiers apply; absent where each holds its part at its own amount, from the bottom. */
  readonly model?: PriceModel;
  /** What each use of a resource costs at least, before its cap. */
  readonly least?: Least;
  /** The most that each resource costs in a billing period, under this price. */
  readonly cap?: Rational;
  /** Off what a project pays under this price, as a line of its own. */
  readonly discountPercent?: Rational;
  /** Instead: so much off, in the currency; of a price that counts a whole account, shared by its projects. */
  readonly discountAmount?: Rational;
  /** From the bottom; the last has no ceiling. */
  readonly tiers: readonly Tier[];
}

export type Conditions = Readonly<Record<string, Pattern>>;

/** What one unit of a price is: so much of the meter's base unit, for so long (gauges only). */
export interface PriceUnit {
  readonly label: string;
  readonly quantity: bigint;
  /** In milliseconds, or the month that the book means. */
  readonly time?: bigint | "month";
}

/** A dimension that every usage has, whatever its meter. */
export const REGION = "region";

/**
 * The price of a usage: the most specific one that matches. `priceProblems` has seen to it that there is never a tie.
 * A soft-deleted resource is free unless a price names that very state: the tenant asked for its end.
 */
export const priceOf = (usage: Usage, book: PriceBook): Price | undefined => pricing(book)(usage);

/** The same for many usages: what a book says of each meter is put in order once. */
export function pricing({
  prices,
  attributes,
}: Pick<PriceBook, "prices" | "attributes">): (usage: Usage) => Price | undefined {
  const ordered = prices.toSorted(bySpecificity).map((price) => ({ price, asked: askedOf(price, attributes) }));
  const byMeter = Map.groupBy(ordered, ({ price }) => price.meter);
  return (usage) => byMeter.get(usage.meter)?.find(({ price, asked }) => matches(price, usage, asked))?.price;
}

/** A condition, and where its value is read. */
interface Asked {
  readonly pattern: Pattern;
  readonly read: (usage: Usage) => string | undefined;
}

function askedOf({ where }: Price, attributes: Attributes | undefined): readonly Asked[] {
  return Object.entries(where).map(([name, pattern]) => {
    const attribute = attributeNamed(name);
    if (attribute === undefined) return { pattern, read: (usage) => valueIn(usage, name) };
    return { pattern, read: (usage) => attributeOf(attribute, valueIn(usage, attribute.dimension), attributes) };
  });
}

function matches({ where }: Price, usage: Usage, asked: readonly Asked[]): boolean {
  if (usage.dimensions["state"] === SOFT_DELETED && !alternatives(where["state"] ?? "").includes(SOFT_DELETED))
    return false;
  return asked.every(({ pattern, read }) => fits(pattern, read(usage)));
}

const valueIn = ({ region, dimensions }: Usage, dimension: string): string | undefined =>
  dimension === REGION ? region : dimensions[dimension];

export const SOFT_DELETED = "soft-delete";

/** More exact dimensions first, then more lists of exact values, then more patterns. */
export function bySpecificity(a: Price, b: Price): number {
  return (
    specificity(b, 0) - specificity(a, 0) ||
    specificity(b, 1) - specificity(a, 1) ||
    specificity(b, 2) - specificity(a, 2)
  );
}

const specificity = ({ where }: Price, loosest: number): number =>
  Object.values(where).filter((pattern) => looseness(pattern) <= loosest).length;
