import {
  agreedBook,
  type Currency,
  isFree,
  isPlain,
  type Price,
  type PriceBook,
  plainCost,
  plus,
  pricing,
  type Rational,
  rational,
  times,
  type Usage,
  type WholeCosts,
  wholeCosts,
  ZERO,
} from "@raingauge/domain";
import type { Bill } from "./bill.ts";
import { type Naming, type Totals, termOf } from "./cost-groups.ts";

/** A bill of one project, whose invoice would be its charges and nothing else. */
export interface PlainBill {
  readonly bill: Bill;
  readonly project: string;
  /** As it is agreed with the project. */
  readonly book: PriceBook;
  readonly monthMs: bigint;
}

/** Undefined where something of the book must see the whole invoice. */
export function plainBill(bill: Bill, book: PriceBook, monthMs: bigint): PlainBill | undefined {
  const [first, ...others] = bill.projects;
  if (first === undefined || others.length > 0) return undefined;
  if ("currency" in bill.account && bill.account.currency !== book.currency) return undefined;
  const agreed = agreedBook(book, { account: bill.account.id, project: first.id });
  return isPlain(agreed) ? { bill, project: first.id, book: agreed, monthMs } : undefined;
}

/** By what costs are told; and who wants to hear of usage that no price matches. */
export interface Telling {
  readonly terms: readonly string[];
  readonly naming: Naming;
  readonly unpriced?: (usage: Usage) => void;
}

/**
 * What the lines of many plain bills cost by these terms, exactly as `totals` has it of their drafts, without making them: in
 * whole numbers as far as a price allows, and in fractions once for all bills.
 */
export function plainTotals(
  bills: readonly PlainBill[],
  usagesOf: (bill: Bill) => readonly Usage[],
  { terms, naming, unpriced }: Telling,
): Totals {
  const sums = costSums(terms);
  const priceOf = pricingOnce();
  const nameOf = namesOnce(terms, naming);
  for (const plain of bills) {
    const groups = new Map<Price, Map<Name, bigint>>();
    for (const usage of usagesOf(plain.bill)) {
      const price = usage.quantity === 0n ? undefined : priceOf(plain.book, usage);
      if (price === undefined) {
        if (unpriced !== undefined && !isFree(usage, plain.book)) unpriced(usage);
        continue;
      }
      const uses = groups.get(price) ?? new Map<Name, bigint>();
      groups.set(price, uses);
      const name = nameOf(plain, price, usage);
      uses.set(name, (uses.get(name) ?? 0n) + usage.quantity);
    }
    for (const [price, uses] of groups) sums.add(plain, price, uses);
  }
  return sums.totals();
}

/** The values of the terms that were asked for; of the same values there is one. */
interface Name {
  readonly by: readonly string[];
}

/** What a line says of itself is the same for all usages under its price; anything else is looked at usage by usage. */
function namesOnce(terms: readonly string[], naming: Naming): (plain: PlainBill, price: Price, usage: Usage) => Name {
  const known = new Map<string, Name>();
  const ofPrice = new Map<Price, Name>();
  const isOfPrice = terms.every((term) => term === "sku" || term === "meter");
  const named = ({ bill, project }: PlainBill, { sku, meter }: Price, usage: Usage): Name => {
    const by = terms.map((term) =>
      termOf(term, { sku, meter }, usage, { account: bill.account.id, project, ...naming }),
    );
    const key = by.length === 1 ? (by[0] ?? "") : JSON.stringify(by);
    const name = known.get(key) ?? { by };
    known.set(key, name);
    return name;
  };
  return (plain, price, usage) => {
    const name = ofPrice.get(price) ?? named(plain, price, usage);
    if (isOfPrice) ofPrice.set(price, name);
    return name;
  };
}

/** Costs under one price, which means the same by a month of the same length. */
interface OfPrice {
  readonly currency: Currency;
  readonly whole: WholeCosts | undefined;
  readonly sums: Map<Name, bigint>;
}

function costSums(terms: readonly string[]) {
  const costs = new Map<Currency, Map<Name, Rational>>();
  const prices = new Map<Price, Map<string, OfPrice>>();
  const addCost = (currency: Currency, name: Name, cost: Rational): void => {
    const mine = costs.get(currency) ?? new Map<Name, Rational>();
    costs.set(currency, mine);
    mine.set(name, plus(mine.get(name) ?? ZERO, cost));
  };
  const ofPrice = (price: Price, { book, monthMs }: PlainBill): OfPrice => {
    const byMonth = prices.get(price) ?? new Map<string, OfPrice>();
    prices.set(price, byMonth);
    const month = `${book.currency} ${book.month} ${monthMs}`;
    const known = byMonth.get(month) ?? {
      currency: book.currency,
      whole: wholeCosts(price, book, monthMs),
      sums: new Map<Name, bigint>(),
    };
    byMonth.set(month, known);
    return known;
  };
  return {
    /** What fills tiers together is shared out by quantity. */
    add(plain: PlainBill, price: Price, uses: ReadonlyMap<Name, bigint>): void {
      const { currency, whole, sums } = ofPrice(price, plain);
      const [first, ...others] = uses;
      if (first !== undefined && others.length === 0 && whole !== undefined) {
        const [name, quantity] = first;
        sums.set(name, (sums.get(name) ?? 0n) + whole.costOf(quantity));
        return;
      }
      const all = [...uses.values()].reduce((total, quantity) => total + quantity, 0n);
      const cost = plainCost(price, all, plain.book, plain.monthMs);
      for (const [name, quantity] of uses) addCost(currency, name, times(cost, rational(quantity, all)));
    },
    totals(): Totals {
      for (const { currency, whole, sums } of [...prices.values()].flatMap((byMonth) => [...byMonth.values()]))
        for (const [name, sum] of sums) addCost(currency, name, rational(sum, whole?.denominator));
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

/** A book's prices are put in order once, and looked up once for all usages that a price could tell apart by nothing. */
function pricingOnce(): (book: PriceBook, usage: Usage) => Price | undefined {
  const byBook = new Map<PriceBook, { readonly find: ReturnType<typeof pricing>; readonly known: Known }>();
  return (book, usage) => {
    const mine = byBook.get(book) ?? { find: pricing(book), known: new Map() };
    byBook.set(book, mine);
    const alike = mine.known.get(usage.dimensions) ?? new Map<string, Price | undefined>();
    mine.known.set(usage.dimensions, alike);
    const key = `${usage.region}\n${usage.meter}`;
    if (!alike.has(key)) alike.set(key, mine.find(usage));
    return alike.get(key);
  };
}

type Known = Map<Usage["dimensions"], Map<string, Price | undefined>>;
