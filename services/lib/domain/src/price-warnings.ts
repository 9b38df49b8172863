import type { Price, PriceBook } from "./price.ts";
import { unmatchable } from "./price-coverage.ts";
import { compare, decimal, type Rational, times } from "./rational.ts";
import type { PriceProblem } from "./term-problems.ts";

/** What may be meant, and surprises whoever pays: to be shown before a book is published, and no reason to refuse it. */
export const priceWarnings = ({ prices, attributes = {}, currency }: PriceBook): PriceProblem[] =>
  prices.flatMap((price, index) =>
    [
      ...volumeWarnings(price, currency),
      ...capWarnings(price, currency),
      ...unmatchable(price, { prices, attributes }),
    ].map(({ path, says }) => ({ path: ["prices", index, ...path], says: `price ${price.sku}: ${says}` })),
  );

/** Where one unit more makes the whole cheaper, a customer is better off wasting it, and a late reading becomes a credit. */
function volumeWarnings({ model, tiers }: Price, currency: string): PriceProblem[] {
  if (model !== "volume") return [];
  return tiers.slice(0, -1).flatMap(({ upTo, amount }, index) => {
    const next = tiers[index + 1]?.amount;
    if (upTo === undefined || next === undefined || compare(next, amount) >= 0) return [];
    const says = `just above ${shown(upTo)} the whole costs ${shown(times(upTo, next))} ${currency}, less than the ${shown(times(upTo, amount))} ${currency} at ${shown(upTo)}`;
    return [{ path: ["tiers", index + 1, "amount"], says }];
  });
}

/** Rarely meant: whoever uses the least of it pays all that can be paid. */
function capWarnings({ cap, tiers }: Price, currency: string): PriceProblem[] {
  const [first] = tiers;
  if (cap === undefined || first === undefined || compare(first.amount, cap) < 0) return [];
  const says = `its cap of ${shown(cap)} ${currency} is reached within the first unit, at ${shown(first.amount)} ${currency}`;
  return [{ path: ["cap"], says }];
}

const shown = (value: Rational): string => decimal(value, 12);
