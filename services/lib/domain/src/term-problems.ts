import { meterNamed } from "./meters.ts";
import type { Price, PriceBook } from "./price.ts";
import { compare, type Rational, rational, times, ZERO } from "./rational.ts";
import type { Tier } from "./tier.ts";

/** What would make a book ambiguous or unusable, and where in the book it stands. */
export interface PriceProblem {
  /** E.g. `["prices", 2, "tiers", 0, "amount"]`. */
  readonly path: readonly (string | number)[];
  readonly says: string;
}

export const problem = (says: string, ...path: (string | number)[]): PriceProblem => ({ path, says });

/** Of the terms that can be agreed with a single customer too. */
export const termProblems = (price: Price): PriceProblem[] => [
  ...allowanceProblems(price),
  ...leastProblems(price),
  ...capProblems(price),
  ...discountProblems(price),
  ...tierProblems(price),
];

export const minimumProblems = ({ minimum }: Pick<PriceBook, "minimum">): PriceProblem[] =>
  minimum === undefined || (compare(minimum.amount, ZERO) > 0 && isKept(minimum.amount))
    ? []
    : [problem("a minimum is more than nothing, with at most 12 decimal places", "minimum", "amount")];

function leastProblems({ least, scope, model, per, meter }: Price): PriceProblem[] {
  if (least === undefined) return [];
  const { timeMs, amount } = least;
  const isTime =
    per.time !== undefined && per.time !== "month" && per.quantity === 1n && meterNamed(meter)?.kind === "gauge";
  return [
    ...(scope === "resource"
      ? []
      : [problem("a least charge is for each resource: count each by itself, scope resource", "least")]),
    ...(timeMs === undefined && amount === undefined ? [problem("it says neither time nor amount", "least")] : []),
    ...(amount === undefined || (compare(amount, ZERO) > 0 && isKept(amount))
      ? []
      : [problem("a least amount is more than nothing, with at most 12 decimal places", "least", "amount")]),
    ...(timeMs === undefined || timeMs > 0n ? [] : [problem("a least time is more than nothing", "least", "time")]),
    ...(timeMs === undefined || (isTime && model !== "package")
      ? []
      : [problem("a least time is of a price per thing and length of time, such as instance hour", "least", "time")]),
  ];
}

const allowanceProblems = ({ allowance }: Price): PriceProblem[] =>
  allowance === undefined || compare(allowance, ZERO) > 0
    ? []
    : [problem("an allowance must be more than nothing", "allowance")];

function capProblems({ cap, scope, model, tiers }: Price): PriceProblem[] {
  if (cap === undefined) return [];
  const fee = model === "flat" ? tiers[0]?.amount : undefined;
  return [
    ...(compare(cap, ZERO) > 0 ? [] : [problem("a cap must be more than nothing", "cap")]),
    ...(isKept(cap) ? [] : [problem("a cap has at most 12 decimal places", "cap")]),
    ...(scope === "resource"
      ? []
      : [problem("a cap is for each resource: count each by itself, scope resource", "cap")]),
    ...(fee === undefined || compare(fee, cap) <= 0 ? [] : [problem("its cap is below the fee itself", "cap")]),
  ];
}

/** More than everything would be a payment to the customer, and less than nothing a surcharge in disguise. */
export const discountProblems = ({
  discountPercent: percent,
  discountAmount: amount,
}: Pick<Price, "discountPercent" | "discountAmount">): PriceProblem[] => [
  ...(percent === undefined || (compare(percent, ZERO) > 0 && compare(percent, rational(100n)) <= 0)
    ? []
    : [problem("a discount is more than 0 % and at most 100 %", "discount")]),
  ...(amount === undefined || (compare(amount, ZERO) > 0 && isKept(amount))
    ? []
    : [problem("a discount is more than nothing, with at most 12 decimal places", "discount", "amount")]),
];

function tierProblems({ tiers }: Price): PriceProblem[] {
  if (tiers.length === 0) return [problem("it has no amount", "tiers")];
  return tiers.flatMap((tier, index) => [...amountProblems(tier, index), ...ceilingProblems(tier, index, tiers)]);
}

/** The scale at which amounts are shown and compared: a millionth of a millionth of the currency. */
const AMOUNT_SCALE = rational(10n ** 12n);

export const isKept = (amount: Rational): boolean => times(amount, AMOUNT_SCALE).denominator === 1n;

function amountProblems({ amount }: Tier, index: number): PriceProblem[] {
  return [
    ...(compare(amount, ZERO) < 0 ? [problem("an amount cannot be negative", "tiers", index, "amount")] : []),
    ...(isKept(amount) ? [] : [problem("an amount has at most 12 decimal places", "tiers", index, "amount")]),
  ];
}

function ceilingProblems({ upTo }: Tier, index: number, tiers: readonly Tier[]): PriceProblem[] {
  const last = index === tiers.length - 1;
  if (upTo === undefined) return last ? [] : [problem("only the last tier may have no ceiling", "tiers", index)];
  const below: Rational = tiers[index - 1]?.upTo ?? ZERO;
  return [
    ...(last ? [problem("the last tier must have no ceiling", "tiers", index, "upTo")] : []),
    ...(compare(upTo, below) <= 0
      ? [problem("each tier must reach further than the one before", "tiers", index, "upTo")]
      : []),
  ];
}
