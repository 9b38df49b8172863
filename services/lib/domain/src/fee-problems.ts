import type { Fee } from "./fee.ts";
import type { Price } from "./price.ts";
import { compare, ZERO } from "./rational.ts";
import { isKept, type PriceProblem, problem } from "./term-problems.ts";

/** What would keep a fee from being billed, or from being told from another line. */
export const feeProblems = (fees: readonly Fee[], prices: readonly Price[]): PriceProblem[] =>
  fees.flatMap(({ sku, amount, months, since, until }, index) =>
    [
      ...(fees.findIndex((fee) => fee.sku === sku) !== index || prices.some((price) => price.sku === sku)
        ? [problem("the article number is used twice", "sku")]
        : []),
      ...(compare(amount, ZERO) >= 0 && isKept(amount)
        ? []
        : [problem("a fee cannot be negative, and has at most 12 decimal places", "amount")]),
      ...(months > 0 ? [] : [problem("a cycle is a month at least", "every")]),
      ...(since === undefined || until === undefined || since < until
        ? []
        : [problem(`it ends on ${until}, before it begins`, "until")]),
    ].map(({ path, says }) => problem(`fee ${sku}: ${says}`, "fees", index, ...path)),
  );
