import {
  agreedBook,
  type Currency,
  isPlain,
  isProportional,
  type Price,
  type PriceBook,
  plainCost,
  plus,
  pricing,
  type Rational,
  rational,
  times,
  type Usage,
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

/**
 * What the lines of many plain bills cost by these terms, exactly as `totals` has it of their drafts, without making them. Uses
 * that cost in proportion are added up before they are priced, whosever they are.
 */
export function plainTotals(
  bills: readonly PlainBill[],
  usagesOf: (bill: Bill) => readonly Usage[],
  terms: readonly string[],
  naming: Naming,
): Totals {
  const sums = costSums(terms);
  const priceOf = pricingOnce();
  for (const plain of bills) {
    const groups = new Map<Price, Use[]>();
    for (const usage of usagesOf(plain.bill)) {
      const price = usage.quantity === 0n ? undefined : priceOf(plain.book, usage);
      if (price === undefined) continue;
      const { account } = plain.bill;
      const line = { sku: price.sku, meter: price.meter };
      const by = terms.map((term) =>
        termOf(term, line, usage, { account: account.id, project: plain.project, ...naming }),
      );
      const use = { by, quantity: usage.quantity };
      if (isProportional(price)) sums.addUse(plain, price, use);
      else groups.set(price, [...(groups.get(price) ?? []), use]);
    }
    for (const [price, uses] of groups) addShares(sums, plain, price, uses);
  }
  return sums.totals();
}

/** So much used by what has one name. */
interface Use {
  readonly by: readonly string[];
  readonly quantity: bigint;
}

/** What fills tiers together is shared out by quantity. */
function addShares(
  sums: ReturnType<typeof costSums>,
  { book, monthMs }: PlainBill,
  price: Price,
  uses: readonly Use[],
): void {
  const whole = uses.reduce((total, { quantity }) => total + quantity, 0n);
  const cost = plainCost(price, whole, book, monthMs);
  for (const { by, quantity } of uses)
    sums.addCost(book.currency, by, quantity === whole ? cost : times(cost, rational(quantity, whole)));
}

interface Proportional {
  readonly plain: PlainBill;
  readonly price: Price;
  readonly use: { readonly by: readonly string[]; quantity: bigint };
}

function costSums(terms: readonly string[]) {
  const costs = new Map<string, { readonly currency: Currency; readonly by: readonly string[]; cost: Rational }>();
  const uses = new Map<Price, Map<string, Proportional>>();
  const addCost = (currency: Currency, by: readonly string[], cost: Rational): void => {
    const key = JSON.stringify([currency, ...by]);
    const known = costs.get(key);
    if (known === undefined) costs.set(key, { currency, by, cost });
    else known.cost = plus(known.cost, cost);
  };
  return {
    addCost,
    addUse(plain: PlainBill, price: Price, { by, quantity }: Use): void {
      const ofPrice = uses.get(price) ?? new Map<string, Proportional>();
      uses.set(price, ofPrice);
      // A month has another length in another zone, and a price in another book another month.
      const key =
        by.length === 1
          ? `${plain.monthMs} ${by[0]}`
          : JSON.stringify([String(plain.monthMs), plain.book.month, ...by]);
      const known = ofPrice.get(key);
      if (known === undefined) ofPrice.set(key, { plain, price, use: { by, quantity } });
      else known.use.quantity += quantity;
    },
    totals(): Totals {
      for (const { plain, price, use } of [...uses.values()].flatMap((ofPrice) => [...ofPrice.values()]))
        addCost(plain.book.currency, use.by, plainCost(price, use.quantity, plain.book, plain.monthMs));
      return new Map(
        [...costs].map(([key, { currency, by, cost }]) => [
          key,
          { currency, by: Object.fromEntries(terms.map((term, index) => [term, by[index] ?? ""])), cost },
        ]),
      );
    },
  };
}

/** A book's prices are put in order once, and looked up once for all usages that a price could tell apart by nothing. */
function pricingOnce(): (book: PriceBook, usage: Usage) => Price | undefined {
  const byBook = new Map<
    PriceBook,
    { find: ReturnType<typeof pricing>; known: Map<object, Map<string, Price | undefined>> }
  >();
  return (book, usage) => {
    const of = byBook.get(book) ?? { find: pricing(book), known: new Map() };
    byBook.set(book, of);
    const alike = of.known.get(usage.dimensions) ?? new Map<string, Price | undefined>();
    of.known.set(usage.dimensions, alike);
    const key = `${usage.region}\n${usage.meter}`;
    if (!alike.has(key)) alike.set(key, of.find(usage));
    return alike.get(key);
  };
}
