import type { UnplacedLine } from "./invoice.ts";
import { type Currency, fromMinor, toMinor } from "./money.ts";
import { NO_EVIDENCE } from "./portion.ts";
import type { PriceBook } from "./price.ts";
import { decimal, type Rational, rational, times } from "./rational.ts";
import type { Rounding } from "./rounding.ts";

/**
 * First what is off single prices, then what is off the whole book, each on the amounts as they are printed above it, so that
 * anybody can work it out from the paper. No discount takes more than there is: a hundred percent leaves nothing.
 */
export function discounts(lines: readonly UnplacedLine[], book: PriceBook, rounding: Rounding): UnplacedLine[] {
  const own = [...Map.groupBy(lines, ({ sku }) => sku)].flatMap(([sku, mine]) => {
    const price = book.prices.find((each) => each.sku === sku);
    return discount(mine, price?.discountPercent, {
      sku,
      on: price?.description ?? sku,
      currency: book.currency,
      rounding,
    });
  });
  const whole = { sku: "discount", on: "everything", currency: book.currency, rounding };
  return [...own, ...discount([...lines, ...own], book.discountPercent, whole)];
}

interface Discounted {
  readonly sku: string;
  readonly on: string;
  readonly currency: Currency;
  readonly rounding: Rounding;
}

function discount(
  lines: readonly Pick<UnplacedLine, "amount">[],
  percent: Rational | undefined,
  { sku, on, currency, rounding }: Discounted,
): UnplacedLine[] {
  const base = lines.reduce((total, { amount }) => total + amount, 0n);
  if (percent === undefined || base === 0n) return [];
  const tier = { units: fromMinor(base, currency), amount: times(percent, rational(-1n, 100n)) };
  const cost = times(tier.units, tier.amount);
  return [
    {
      kind: "discount",
      sku,
      description: `${decimal(percent, 12)} % off ${on}`,
      ...NO_USE,
      units: tier.units,
      unit: currency,
      tiers: [{ ...tier, cost }],
      cost,
      amount: toMinor(cost, currency, rounding),
    },
  ];
}

/** What adjusts other lines measures nothing itself. */
export const NO_USE = { meter: "", resources: 0, quantity: 0n, evidence: NO_EVIDENCE } as const;
