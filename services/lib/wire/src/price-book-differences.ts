import type { PriceBook } from "@raingauge/domain";
import { encodePriceBook } from "./book.ts";
import { canonical } from "./canonical.ts";

/** What one book says that another does not: an article, or a term of the whole book under its own name. */
export interface BookDifference {
  /** `price instance.small`, `minimum`, `discountPercent`, … */
  readonly what: string;
  readonly change: "added" | "removed" | "changed";
  /** Canonical, as they rest in the ledger; of a change only the fields that differ. */
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

/** In the order of the articles. Name and version are what two books always differ in, and are left out. */
export function priceBookDifferences(before: PriceBook, after: PriceBook): BookDifference[] {
  const [old, fresh] = [partsOf(before), partsOf(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .toSorted()
    .flatMap((what) => compared(what, old.get(what), fresh.get(what)));
}

type Part = Readonly<Record<string, unknown>>;

function compared(what: string, before: Part | undefined, after: Part | undefined): BookDifference[] {
  if (before === undefined || after === undefined)
    return [
      { what, change: before === undefined ? "added" : "removed", ...(before && { before }), ...(after && { after }) },
    ];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const differing = keys.filter((key) => text(before[key]) !== text(after[key]));
  if (differing.length === 0) return [];
  return [{ what, change: "changed", before: only(before, differing), after: only(after, differing) }];
}

const text = (value: unknown): string | undefined => (value === undefined ? undefined : canonical(value));

const only = (part: Part, keys: readonly string[]): Part =>
  Object.fromEntries(keys.filter((key) => part[key] !== undefined).map((key) => [key, part[key]]));

function partsOf(book: PriceBook): ReadonlyMap<string, Part> {
  const { name: _, version: __, prices, ...terms } = JSON.parse(encodePriceBook(book)) as Record<string, unknown>;
  const articles = (prices as readonly Part[]).map((price) => [`price ${String(price["sku"])}`, price] as const);
  return new Map([...articles, ...Object.entries(terms).map(([term, value]) => [term, { value }] as const)]);
}
