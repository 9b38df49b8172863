import type { Currency } from "./money.ts";
import type { Rational } from "./rational.ts";
import type { Dimensions } from "./sample.ts";
import type { Usage } from "./usage.ts";

/** What things cost: a document with a version. Published, it is never changed, only superseded. */
export interface PriceBook {
  readonly name: string;
  readonly version: string;
  readonly currency: Currency;
  /** Which month a price "per month" means: the calendar month's own length, or 730 hours always. */
  readonly month: "calendar" | "730h";
  readonly prices: readonly Price[];
  /** Meters that are deliberately not charged for. Any other usage without a price is unpriced, which is an error to show. */
  readonly free: readonly string[];
}

export interface Price {
  /** The article number, unique in its book. */
  readonly sku: string;
  readonly description: string;
  readonly meter: string;
  /** Dimension to value; `*` stands for any run of characters. A dimension left out matches anything. */
  readonly where: Dimensions;
  readonly per: PriceUnit;
  /** Whose usage is counted together where a price has tiers. */
  readonly scope: "resource" | "project";
  /** Graduated, from the bottom; the last has no ceiling. */
  readonly tiers: readonly Tier[];
}

/** What one unit of a price is: so much of the meter's base unit, for so long (gauges only). */
export interface PriceUnit {
  readonly label: string;
  readonly quantity: bigint;
  readonly time?: bigint | "month";
}

export interface Tier {
  /** In units of the price; absent for the last tier. */
  readonly upTo?: Rational;
  /** Per unit of the price, in the book's currency. */
  readonly amount: Rational;
}

/**
 * The price of a usage: the most specific one that matches. `priceProblems` has seen to it that there is never a tie.
 * A soft-deleted resource is free unless a price names that state: the tenant asked for its end.
 */
export function priceOf(usage: Usage, book: PriceBook): Price | undefined {
  const matching = book.prices.filter((price) => matches(price, usage)).toSorted(bySpecificity);
  return matching[0];
}

function matches({ meter, where }: Price, usage: Usage): boolean {
  if (meter !== usage.meter) return false;
  if (usage.dimensions["state"] === SOFT_DELETED && where["state"] === undefined) return false;
  return Object.entries(where).every(([dimension, pattern]) => fits(pattern, usage.dimensions[dimension]));
}

export const SOFT_DELETED = "soft-delete";

const fits = (pattern: string, value: string | undefined): boolean => value !== undefined && glob(pattern).test(value);

const glob = (pattern: string): RegExp => new RegExp(`^${pattern.split("*").map(escaped).join(".*")}$`, "s");

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** More exact dimensions first, then more wildcard ones. */
function bySpecificity(a: Price, b: Price): number {
  return specificity(b, isExact) - specificity(a, isExact) || specificity(b, () => true) - specificity(a, () => true);
}

const specificity = ({ where }: Price, counts: (pattern: string) => boolean): number => Object.values(where).filter(counts).length;

const isExact = (pattern: string): boolean => !pattern.includes("*");

/** All that would make a book ambiguous or unusable, in sentences. A book with none may be published. */
export function priceProblems(book: PriceBook): string[] {
  return [...repeatedSkus(book), ...book.prices.flatMap(tierProblems), ...overlaps(book)];
}

const repeatedSkus = ({ prices }: PriceBook): string[] =>
  prices.filter(({ sku }, index) => prices.findIndex((other) => other.sku === sku) !== index).map(({ sku }) => `price ${sku}: the article number is used twice`);

function tierProblems({ sku, tiers }: Price): string[] {
  if (tiers.length === 0) return [`price ${sku}: it has no amount`];
  const problems: string[] = [];
  tiers.forEach(({ upTo }, index) => {
    const last = index === tiers.length - 1;
    const below = tiers[index - 1]?.upTo;
    if (last && upTo !== undefined) problems.push(`price ${sku}: the last tier must have no ceiling`);
    if (!last && upTo === undefined) problems.push(`price ${sku}: only the last tier may have no ceiling`);
    if (upTo !== undefined && below !== undefined && upTo.numerator * below.denominator <= below.numerator * upTo.denominator) {
      problems.push(`price ${sku}: each tier must reach further than the one before`);
    }
  });
  return problems;
}

function overlaps({ prices }: PriceBook): string[] {
  return prices.flatMap((a, index) =>
    prices.slice(index + 1).filter((b) => ties(a, b)).map((b) => `prices ${a.sku} and ${b.sku} overlap: both match ${a.meter} and neither is more specific`),
  );
}

function ties(a: Price, b: Price): boolean {
  if (a.meter !== b.meter || bySpecificity(a, b) !== 0) return false;
  return Object.keys({ ...a.where, ...b.where }).every((dimension) => meet(a.where[dimension] ?? "*", b.where[dimension] ?? "*"));
}

/** Whether one value can fit both patterns. Two wildcards are taken to meet: a false alarm is cheaper than a wrong bill. */
function meet(a: string, b: string): boolean {
  if (isExact(a)) return glob(b).test(a);
  if (isExact(b)) return glob(a).test(b);
  return true;
}
