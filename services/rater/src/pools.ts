import {
  type Currency,
  minus,
  type Price,
  type PriceBook,
  plainCost,
  plus,
  type Rational,
  rational,
  times,
  type WholeCosts,
  wholeCosts,
  ZERO,
} from "@raingauge/domain";
import type { Totals } from "./cost-groups.ts";

/** The values of the terms that were asked for. */
export interface Name {
  readonly by: readonly string[];
}

/** Use that a price counts together, as it grows. */
export interface Pool {
  add(name: Name, quantity: bigint): void;
  /** Tells what its names cost more, or less, than when it was last reckoned. What fills tiers together is shared out by quantity. */
  reckon(added: Sums): void;
}

/** The terms of a bill that decide what a quantity costs. */
interface Terms {
  readonly book: PriceBook;
  readonly monthMs: bigint;
}

/** A price, which means the same by all months of one length. */
interface OfPrice extends Terms {
  readonly price: Price;
  readonly currency: Currency;
  /** Costs in whole numbers as far as the price allows: they add up without a fraction. */
  readonly whole: WholeCosts | undefined;
}

export interface Pools {
  /** The pool of a price that is told from others by `whose`. */
  of(terms: Terms, price: Price, whose: unknown): Pool;
}

export function pools(): Pools {
  const prices = new Map<Price, Map<string, { readonly ofPrice: OfPrice; readonly pools: Map<unknown, Pool> }>>();
  return {
    of(terms, price, whose) {
      const byMonth = prices.get(price) ?? new Map();
      prices.set(price, byMonth);
      const month = `${terms.book.currency} ${terms.book.month} ${terms.monthMs}`;
      const mine = byMonth.get(month) ?? { ofPrice: ofPrice(terms, price), pools: new Map() };
      byMonth.set(month, mine);
      const known = mine.pools.get(whose) ?? pool(mine.ofPrice);
      mine.pools.set(whose, known);
      return known;
    },
  };
}

const ofPrice = ({ book, monthMs }: Terms, price: Price): OfPrice => ({
  ...{ book, monthMs, price },
  currency: book.currency,
  whole: wholeCosts(price, book, monthMs),
});

function pool(about: OfPrice): Pool {
  const { price, book, monthMs, currency, whole } = about;
  const uses = new Map<Name, bigint>();
  const shares = new Map<Name, Rational>();
  let [all, cost] = [0n, 0n];
  /** One name bears all of it. */
  const reckonWhole = (added: Sums, name: Name, { costOf }: WholeCosts): void => {
    const now = costOf(all);
    added.addWhole(about, name, now - cost);
    cost = now;
  };
  const reckonShares = (added: Sums): void => {
    const now = plainCost(price, all, book, monthMs);
    for (const [name, quantity] of uses) {
      const [before, share] = [shares.get(name) ?? ZERO, times(now, rational(quantity, all))];
      added.add(currency, name, minus(share, before));
      shares.set(name, share);
    }
  };
  return {
    add(name, quantity) {
      // What the first name bore of it alone, it shares from now on.
      if (cost !== 0n && !uses.has(name)) {
        for (const first of uses.keys()) shares.set(first, rational(cost, whole?.denominator));
        cost = 0n;
      }
      uses.set(name, (uses.get(name) ?? 0n) + quantity);
      all += quantity;
    },
    reckon(added) {
      if (all === 0n) return;
      if (whole === undefined || uses.size > 1) reckonShares(added);
      else for (const only of uses.keys()) reckonWhole(added, only, whole);
    },
  };
}

/** Costs of names, added up: in whole numbers of a price's fraction of the currency as long as can be. */
export interface Sums {
  addWhole(about: OfPrice, name: Name, cost: bigint): void;
  add(currency: Currency, name: Name, cost: Rational): void;
  totals(): Totals;
}

export function sums(terms: readonly string[]): Sums {
  const wholes = new Map<OfPrice, Map<Name, bigint>>();
  const costs = new Map<Currency, Map<Name, Rational>>();
  const add = (currency: Currency, name: Name, cost: Rational): void => {
    const mine = costs.get(currency) ?? new Map<Name, Rational>();
    costs.set(currency, mine);
    mine.set(name, plus(mine.get(name) ?? ZERO, cost));
  };
  return {
    add,
    addWhole(about, name, cost) {
      const mine = wholes.get(about) ?? new Map<Name, bigint>();
      wholes.set(about, mine);
      mine.set(name, (mine.get(name) ?? 0n) + cost);
    },
    totals() {
      for (const [{ currency, whole }, mine] of wholes)
        for (const [name, cost] of mine) add(currency, name, rational(cost, whole?.denominator));
      return new Map(
        [...costs].flatMap(([currency, mine]) =>
          [...mine].map(([{ by }, cost]) => [
            JSON.stringify([currency, ...by]),
            { currency, by: Object.fromEntries(terms.map((term, index) => [term, by[index] ?? ""])), cost },
          ]),
        ),
      );
    },
  };
}
