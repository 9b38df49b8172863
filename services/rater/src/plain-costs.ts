import {
  agreedBook,
  isFree,
  isPlain,
  isProportional,
  type Price,
  type PriceBook,
  pricing,
  type Usage,
} from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import type { Bill } from "./bill.ts";
import { type Naming, type Totals, termOf } from "./cost-groups.ts";
import { monthsOnce } from "./months.ts";
import { type Name, type Pool, pools, sums } from "./pools.ts";

/** A bill of one project, whose invoice would be its charges and nothing else. */
export interface PlainBill {
  readonly bill: Bill;
  readonly project: string;
  /** As it is agreed with the project. */
  readonly book: PriceBook;
  readonly monthMs: bigint;
}

/** The bills that need no invoice to say what they cost, and the others: of those something of the book must see the whole. */
export async function plainOnes(
  ledger: Pick<Ledger, "bookAt">,
  bills: readonly Bill[],
): Promise<{ readonly plain: readonly PlainBill[]; readonly others: readonly Bill[] }> {
  const plain: PlainBill[] = [];
  const others: Bill[] = [];
  const monthOf = monthsOnce();
  for (const bill of bills) {
    const published = await ledger.bookAt(bill.account.book, bill.period.start);
    const found = published && plainBill(bill, published.book, monthOf(bill.period, bill.account.zone));
    if (found === undefined) others.push(bill);
    else plain.push(found);
  }
  return { plain, others };
}

function plainBill(bill: Bill, book: PriceBook, monthMs: bigint): PlainBill | undefined {
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
  const useOf = usesOf({ terms, naming });
  const used = new Set<Pool>();
  for (const plain of bills)
    for (const usage of usagesOf(plain.bill)) {
      const use = usage.quantity === 0n ? undefined : useOf(plain, usage);
      if (use === undefined) {
        if (unpriced !== undefined && !isFree(usage, plain.book)) unpriced(usage);
        continue;
      }
      use.pool.add(use.name, usage.quantity);
      used.add(use.pool);
    }
  const costs = sums(terms);
  for (const pool of used) pool.reckon(costs);
  return costs.totals();
}

/** Where a usage counts, and under which name. */
export interface Use {
  readonly pool: Pool;
  readonly name: Name;
}

/** Undefined of usage that no price matches. */
export function usesOf({ terms, naming }: Telling): (plain: PlainBill, usage: Usage) => Use | undefined {
  const [priceOf, nameOf, known] = [pricingOnce(), namesOnce(terms, naming), pools()];
  return (plain, usage) => {
    const price = priceOf(plain.book, usage);
    if (price === undefined) return undefined;
    const name = nameOf(plain, price, usage);
    const { project } = plain;
    const whose = isProportional(price) ? name : countsEach(price) ? `${project}\n${usage.resource}` : project;
    return { pool: known.of(plain, price, whose), name };
  };
}

/** Whether what resources used cannot be added up before it is priced. */
export const countsEach = (price: Price): boolean => price.scope === "resource" && !isProportional(price);

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
