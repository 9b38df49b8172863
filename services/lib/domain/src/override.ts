import type { Fee } from "./fee.ts";
import type { Minimum } from "./minimum.ts";
import type { Price, PriceBook } from "./price.ts";
import type { Rational } from "./rational.ts";

/**
 * What was agreed with one account or one project: it takes the place of what the book says to everybody, term by term. What
 * was agreed with a project goes before what was agreed with its account, and that before the book.
 */
export interface Override {
  readonly account?: string;
  readonly project?: string;
  readonly discountPercent?: Rational;
  readonly discountAmount?: Rational;
  readonly discountScope?: "account";
  readonly minimum?: Minimum;
  /** Besides the book's; one of the same article number takes its place. */
  readonly fees?: readonly Fee[];
  /** By article number. */
  readonly prices: Readonly<Record<string, AgreedTerms>>;
}

/** The terms of a price that can be agreed otherwise; which usage it is for cannot. */
export type AgreedTerms = Partial<
  Pick<Price, "tiers" | "allowance" | "least" | "cap" | "discountPercent" | "discountAmount">
>;

/** Who is billed; without a project, the account as a whole. */
export interface Holder {
  readonly account?: string | undefined;
  readonly project?: string | undefined;
}

/** The book as it is for one project, or for an account as a whole. Where nothing was agreed it is the book itself. */
export function agreedBook(book: PriceBook, { account, project }: Holder): PriceBook {
  const overrides = book.overrides ?? [];
  const withAccount = overrides.find((each) => account !== undefined && each.account === account);
  const withProject = overrides.find((each) => project !== undefined && each.project === project);
  return [withAccount, withProject].reduce<PriceBook>(
    (so, each) => (each === undefined ? so : applied(so, each)),
    book,
  );
}

/** Whether an account owes something that does not depend on what it used. */
export function owesAnyway(book: PriceBook, account: string): boolean {
  const { fees = [], minimum } = agreedBook(book, { account });
  return minimum?.scope === "account" || fees.some(({ scope }) => scope === "account");
}

function applied(book: PriceBook, { prices, fees = [], minimum, ...terms }: Override): PriceBook {
  const kept = isDiscount(terms) ? withoutDiscount(book) : book;
  return {
    ...kept,
    ...discountOf(terms),
    ...(minimum === undefined ? {} : { minimum }),
    ...(fees.length === 0 ? {} : { fees: [...(book.fees ?? []).filter(isNotIn(fees)), ...fees] }),
    prices: book.prices.map((price) => {
      const own = prices[price.sku];
      return own === undefined ? price : agreedPrice(price, own);
    }),
  };
}

const isNotIn =
  (fees: readonly Fee[]) =>
  ({ sku }: Fee): boolean =>
    !fees.some((each) => each.sku === sku);

/** Its name tells, so that nobody compares it with the list and wonders. */
export const agreedPrice = (price: Price, terms: AgreedTerms): Price => ({
  ...(isDiscount(terms) ? withoutDiscount(price) : price),
  ...terms,
  description: price.description.endsWith(AGREED) ? price.description : `${price.description}${AGREED}`,
});

const AGREED = ", as agreed";

type Discounted = Pick<PriceBook, "discountPercent" | "discountAmount" | "discountScope">;

/** A percentage takes the place of an amount, and the other way round. */
const isDiscount = ({ discountPercent, discountAmount }: Discounted): boolean =>
  discountPercent !== undefined || discountAmount !== undefined;

function withoutDiscount<T extends Discounted>(terms: T): Omit<T, keyof Discounted> {
  const { discountPercent: _, discountAmount: __, discountScope: ___, ...rest } = terms;
  return rest;
}

const discountOf = ({ discountPercent, discountAmount, discountScope }: Discounted): Discounted => ({
  ...(discountPercent === undefined ? {} : { discountPercent }),
  ...(discountAmount === undefined ? {} : { discountAmount }),
  ...(discountScope === undefined ? {} : { discountScope }),
});
