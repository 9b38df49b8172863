import type { Account } from "./account.ts";
import type { Credit } from "./credit.ts";
import { fits } from "./pattern.ts";
import type { PriceBook } from "./price.ts";

/** What of a credit nothing can ever draw: as likely a slip of the pen as a plan for later. */
export function creditRemarks(
  { skus = [], projects = [] }: Pick<Credit, "skus" | "projects">,
  { members }: Pick<Account, "members">,
  book: PriceBook | undefined,
): string[] {
  const articles = book && articlesOf(book);
  const isOpen = members.some(({ kind }) => kind === "domain");
  const known = new Set(members.filter(({ kind }) => kind === "project").map(({ id }) => id));
  return [
    ...skus
      .filter((pattern) => articles !== undefined && !articles.some((sku) => fits(pattern, sku)))
      .map((pattern) => `no article of price book ${book?.name} ${book?.version} is called ${pattern}`),
    // Which projects a domain will have nobody knows.
    ...projects.filter((id) => !isOpen && !known.has(id)).map((id) => `project ${id} is none of the account's`),
  ];
}

/** Everything that a line of an invoice can be about. */
const articlesOf = ({ prices, fees = [], overrides = [], minimum }: PriceBook): string[] => [
  ...prices.map(({ sku }) => sku),
  ...[...fees, ...overrides.flatMap((each) => each.fees ?? [])].map(({ sku }) => sku),
  ...(minimum === undefined && overrides.every((each) => each.minimum === undefined) ? [] : ["minimum"]),
];
