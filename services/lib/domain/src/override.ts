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
  readonly minimum?: Minimum;
  /** By article number. */
  readonly prices: Readonly<Record<string, AgreedTerms>>;
}

/** The terms of a price that can be agreed otherwise; which usage it is for cannot. */
export type AgreedTerms = Partial<Pick<Price, "tiers" | "allowance" | "least" | "cap" | "discountPercent">>;

/** Who is billed. */
export interface Holder {
  readonly account?: string | undefined;
  readonly project: string;
}

/** The book as it is for one project. Where nothing was agreed it is the book itself. */
export function agreedBook(book: PriceBook, { account, project }: Holder): PriceBook {
  const overrides = book.overrides ?? [];
  const withAccount = overrides.find((each) => account !== undefined && each.account === account);
  const withProject = overrides.find((each) => each.project === project);
  return [withAccount, withProject].reduce<PriceBook>(
    (so, each) => (each === undefined ? so : applied(so, each)),
    book,
  );
}

function applied(book: PriceBook, { prices, discountPercent, minimum }: Override): PriceBook {
  return {
    ...book,
    ...(discountPercent === undefined ? {} : { discountPercent }),
    ...(minimum === undefined ? {} : { minimum }),
    prices: book.prices.map((price) => {
      const terms = prices[price.sku];
      return terms === undefined ? price : agreedPrice(price, terms);
    }),
  };
}

/** Its name tells, so that nobody compares it with the list and wonders. */
export const agreedPrice = (price: Price, terms: AgreedTerms): Price => ({
  ...price,
  ...terms,
  description: price.description.endsWith(AGREED) ? price.description : `${price.description}${AGREED}`,
});

const AGREED = ", as agreed";
