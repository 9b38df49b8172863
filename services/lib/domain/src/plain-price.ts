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
const isProportional = ({ model, tiers }: Price): boolean => model === undefined && tiers.length === 1;

/** What a project's use under a plain price costs, as `rate` has it. */
export const plainCost = (price: Price, quantity: bigint, book: PriceBook, monthMs: bigint): Rational =>
  sum(
    modelled(rational(quantity, priceUnitSize(price, book, monthMs)), price.tiers, price.model).map(({ cost }) => cost),
  );

/** Costs in whole numbers of one fraction of the currency, fine enough for every quantity: they add up without a fraction. */
export interface WholeCosts {
  readonly denominator: bigint;
  costOf(quantity: bigint): bigint;
}

/** The same as `plainCost` of a graduated price, for many quantities; undefined of another. */
export function wholeCosts(price: Price, book: PriceBook, monthMs: bigint): WholeCosts | undefined {
  const { tiers, model } = price;
  if (model !== undefined) return undefined;
  const fineness = tiers.reduce((all, { upTo }) => all * (upTo?.denominator ?? 1n), 1n);
  const cents = tiers.reduce((all, { amount }) => all * amount.denominator, 1n);
  const unit = priceUnitSize(price, book, monthMs) * fineness;
  const steps = tiers.map(({ upTo, amount }) => ({
    ceiling: upTo && (upTo.numerator * unit) / upTo.denominator,
    amount: (amount.numerator * cents) / amount.denominator,
  }));
  return {
    denominator: unit * cents,
    costOf(quantity) {
      const poured = quantity * fineness;
      let [cost, floor] = [0n, 0n];
      for (const { ceiling, amount } of steps) {
        const top = ceiling === undefined || poured < ceiling ? poured : ceiling;
        if (top > floor) cost += (top - floor) * amount;
        if (ceiling === undefined || poured <= ceiling) return cost;
        floor = ceiling;
      }
      return cost;
    },
  };
}
