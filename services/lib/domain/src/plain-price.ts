import { priceUnitSize } from "./charge.ts";
import type { Price, PriceBook } from "./price.ts";
import { modelled } from "./price-model.ts";
import { type Rational, rational, sum } from "./rational.ts";

/**
 * Whether all that a book charges a project follows from how much it used under each price: then no line of its invoice stands
 * on another, and what a use costs can be said without making one. As it is agreed with that project.
 */
export const isPlain = (book: PriceBook): boolean =>
  (book.discountPercent ?? book.discountAmount ?? book.minimum) === undefined &&
  (book.fees ?? []).length === 0 &&
  book.prices.every(isPlainPrice);

const isPlainPrice = (price: Price): boolean =>
  (price.allowance ?? price.least ?? price.cap ?? price.discountPercent ?? price.discountAmount) === undefined &&
  price.model !== "flat" &&
  (price.scope === "project" || (price.scope === "resource" && isProportional(price)));

/** Whether twice the use costs twice as much, so that uses may be added up before they are priced, whosever they are. */
export const isProportional = ({ model, tiers }: Price): boolean => model === undefined && tiers.length === 1;

/** What a project's use under a plain price costs, as `rate` has it. */
export const plainCost = (price: Price, quantity: bigint, book: PriceBook, monthMs: bigint): Rational =>
  sum(
    modelled(rational(quantity, priceUnitSize(price, book, monthMs)), price.tiers, price.model).map(({ cost }) => cost),
  );
