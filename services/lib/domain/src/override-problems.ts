import { feeProblems } from "./fee-problems.ts";
import { type AgreedTerms, agreedPrice, type Override } from "./override.ts";
import type { Price, PriceBook } from "./price.ts";
import { discountProblems, minimumProblems, type PriceProblem, problem, termProblems } from "./term-problems.ts";

/** What was agreed with whom must be clear, and as sound as what the book says to everybody. */
export function overrideProblems({ overrides = [], prices }: Pick<PriceBook, "overrides" | "prices">): PriceProblem[] {
  return overrides.flatMap((override, index) => {
    const { account, project } = override;
    const twice = overrides.findIndex((other) => other.account === account && other.project === project) !== index;
    return [
      ...((account === undefined) === (project === undefined)
        ? [problem("it is for an account or for a project")]
        : []),
      ...(twice ? [problem("what was agreed with it stands above already")] : []),
      ...discountProblems(override),
      ...minimumProblems(override),
      ...feeProblems(override.fees ?? [], prices),
      ...(project === undefined ? [] : projectProblems(override, prices)),
      ...Object.entries(override.prices).flatMap(([sku, terms]) => agreedProblems(sku, terms, prices)),
    ].map(({ path, says }) => problem(says, "overrides", index, ...path));
  });
}

function agreedProblems(sku: string, terms: AgreedTerms, prices: readonly Price[]): PriceProblem[] {
  const price = prices.find((each) => each.sku === sku);
  if (price === undefined) return [problem(`there is no price ${sku} to agree otherwise`, "prices", sku)];
  return termProblems(agreedPrice(price, terms)).map(({ path, says }) => problem(says, "prices", sku, ...path));
}

/** What is counted for a whole account cannot be otherwise for one of its projects. */
function projectProblems(
  { discountScope, minimum, fees = [], prices: agreed }: Override,
  prices: readonly Price[],
): PriceProblem[] {
  const says = "it is for the whole account: agree it with the account";
  const counted = Object.entries(agreed).flatMap(([sku, terms]) => {
    const price = prices.find((each) => each.sku === sku);
    const { discountPercent: _, ...others } = terms;
    const isWhole = price?.scope === "account" && Object.keys(others).length > 0;
    const isAllowance = price?.allowanceScope === "account" && terms.allowance !== undefined;
    return isWhole || isAllowance ? [problem(says, "prices", sku)] : [];
  });
  return [
    ...(discountScope === "account" ? [problem(says, "discount", "scope")] : []),
    ...(minimum?.scope === "account" ? [problem(says, "minimum", "scope")] : []),
    ...fees.flatMap(({ scope }, index) => (scope === "account" ? [problem(says, "fees", index, "scope")] : [])),
    ...counted,
  ];
}
