import type { Charge } from "./charge.ts";
import { agreedBook, type Holder } from "./override.ts";
import type { PriceBook } from "./price.ts";

/**
 * Whether what a project pays depends on what others of its account use: tiers, an allowance or a discount that the whole account
 * shares. By itself its cost is then an estimate.
 */
export function sharesTerms(charges: readonly Pick<Charge, "price">[], book: PriceBook, holder: Holder): boolean {
  if (charges.length === 0) return false;
  return (
    agreedBook(book, holder).discountScope === "account" ||
    charges.some(({ price: { scope, allowance, allowanceScope } }) => {
      return scope === "account" || (allowance !== undefined && allowanceScope === "account");
    })
  );
}
