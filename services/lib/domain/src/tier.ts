import { type Rational, times } from "./rational.ts";

export interface Tier {
  /** In units of the price; absent for the last tier. A quantity of exactly so much is still in it. */
  readonly upTo?: Rational;
  /** Per unit of the price, in the book's currency. */
  readonly amount: Rational;
}

/** What a tier held of a charge, and what that comes to. */
export interface ChargeTier {
  readonly units: Rational;
  readonly amount: Rational;
  readonly cost: Rational;
}

export const charged = (units: Rational, { amount }: Tier): ChargeTier => ({
  units,
  amount,
  cost: times(units, amount),
});
