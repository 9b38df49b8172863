import { freeUnits } from "./allowance.ts";
import { aboveCap } from "./cap.ts";
import { priceUnitSize } from "./charge.ts";
import { atLeastUnits, belowLeast } from "./least.ts";
import type { Price, PriceBook } from "./price.ts";
import { modelled } from "./price-model.ts";
import { minus, plus, type Rational, rational, sum } from "./rational.ts";

/**
 * Whether all that a book charges a project follows from how much it, or each of its resources, used under each price: then no
 * line of its invoice stands on another, and what a use costs can be said without making one. As it is agreed with that project.
 */
export const isPlain = (book: PriceBook): boolean =>
  (book.discountPercent ?? book.discountAmount ?? book.minimum) === undefined &&
  (book.fees ?? []).length === 0 &&
  book.prices.every(isPlainPrice);

/** What an allowance frees of each resource depends on the others. */
const isPlainPrice = ({ discountPercent, discountAmount, model, scope, allowance, least, cap }: Price): boolean =>
  (discountPercent ?? discountAmount) === undefined &&
  model !== "flat" &&
  (scope === "resource" ? allowance : (least ?? cap)) === undefined;

/** Whether twice the use costs twice as much, so that uses may be added up before they are priced, whosever they are. */
export const isProportional = ({ model, tiers, allowance, least, cap }: Price): boolean =>
  model === undefined && tiers.length === 1 && (allowance ?? least ?? cap) === undefined;

/** What use that is counted together costs under a plain price, as `rate` has it. */
export function plainCost(price: Price, quantity: bigint, book: PriceBook, monthMs: bigint): Rational {
  const { allowance, least, cap, tiers, model } = price;
  const unitMs = priceUnitSize(price, book, monthMs);
  const units = rational(quantity, unitMs);
  const paid = allowance === undefined ? units : minus(units, freeUnits(units, units, allowance));
  const tiered = sum(modelled(atLeastUnits(paid, least, unitMs), tiers, model).map(({ cost }) => cost));
  const uncapped = plus(tiered, belowLeast(tiered, paid, least));
  return minus(uncapped, aboveCap(uncapped, cap));
}

/** Costs in whole numbers of one fraction of the currency, fine enough for every quantity: they add up without a fraction. */
export interface WholeCosts {
  readonly denominator: bigint;
  costOf(quantity: bigint): bigint;
}

/** The same as `plainCost` of a price that is tiers and nothing else, for many quantities; undefined of another. */
export function wholeCosts(price: Price, book: PriceBook, monthMs: bigint): WholeCosts | undefined {
  const { tiers, model, allowance, least, cap } = price;
  if ((model ?? allowance ?? least ?? cap) !== undefined) return undefined;
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
