import {
  type ChargeTier,
  type Currency,
  compare,
  fromMinor,
  type InvoiceLine,
  minorDigits,
  minus,
  type Rational,
  rational,
  sum,
  times,
  ZERO,
} from "@raingauge/domain";
import { roundTo } from "./share.ts";

/**
 * What a line is made of, price by price: each tier is a part of its own, because an average price is no price that anybody
 * agreed to. The amounts of a line's parts add up to the line's.
 */
export interface LinePart {
  /** From 1; a line of one part has part 1. */
  readonly position: number;
  readonly units: Rational;
  /** Per unit, never negative: what is given back has negative units. */
  readonly price: Rational;
  /** Units times price. */
  readonly gross: Rational;
  /** What the cap took off this part; exact. */
  readonly capped: Rational;
  /** In minor units. */
  readonly amount: bigint;
  /** It stands for the whole line: once its amount, whatever was used. */
  readonly isWhole: boolean;
}

/** A line whose tiers do not explain its amount, as a correction's do not, is one part: once the amount. */
export function partsOf(line: InvoiceLine, currency: Currency): LinePart[] {
  const tiers = line.kind === undefined ? line.tiers.filter((tier) => isWorth(tier, line)) : [];
  if (tiers.length === 0 || !explains(tiers, line)) return [wholePart(line, currency)];
  const gross = tiers.map(({ units, amount }) => times(units, amount));
  const capped = offTheTop(gross, line.capped ?? ZERO);
  const exact = gross.map((cost, index) => minus(cost, capped[index] ?? ZERO));
  const amounts = roundTo(line.amount, exact, minorDigits(currency));
  return tiers.map(({ units, amount: price }, index) => ({
    position: index + 1,
    units,
    price,
    gross: gross[index] ?? ZERO,
    capped: capped[index] ?? ZERO,
    amount: amounts[index] ?? 0n,
    isWhole: false,
  }));
}

/** A tier that held nothing is left out, unless it is all there is. */
const isWorth = ({ units }: ChargeTier, { tiers }: InvoiceLine): boolean =>
  tiers.length === 1 || compare(units, ZERO) !== 0;

const explains = (tiers: readonly ChargeTier[], { capped, cost }: InvoiceLine): boolean =>
  tiers.every(({ amount }) => compare(amount, ZERO) >= 0) &&
  compare(minus(sum(tiers.map(({ units, amount }) => times(units, amount))), capped ?? ZERO), cost) === 0;

/** The highest tiers are the ones that a cap makes free. */
function offTheTop(costs: readonly Rational[], capped: Rational): Rational[] {
  const { off } = costs.reduceRight<{ readonly left: Rational; readonly off: readonly Rational[] }>(
    ({ left, off }, cost) => {
      const taken = compare(left, cost) < 0 ? left : cost;
      return { left: minus(left, taken), off: [taken, ...off] };
    },
    { left: capped, off: [] },
  );
  return [...off];
}

export function wholePart({ amount }: InvoiceLine, currency: Currency): LinePart {
  const magnitude = fromMinor(amount < 0n ? -amount : amount, currency);
  return {
    position: 1,
    units: rational(amount < 0n ? -1n : 1n),
    price: magnitude,
    gross: fromMinor(amount, currency),
    capped: ZERO,
    amount,
    isWhole: true,
  };
}
