import {
  instant,
  isDay,
  type Least,
  type Minimum,
  type PriceBook,
  parseDecimal,
  type Rational,
} from "@raingauge/domain";
import { z } from "zod";
import { lengthOf } from "./price-unit.ts";

export const text = z.string().min(1);

export const decimal = z.string().transform((digits, context) => {
  try {
    return parseDecimal(digits);
  } catch {
    context.addIssue({ code: "custom", message: `"${digits}" is not a decimal number, such as 0.0125` });
    return z.NEVER;
  }
});

/** `10 %`: a bare 0.1 could be meant as a tenth or as a thousandth. */
const percent = z.string().transform((written, context) => {
  const digits = /^(\d+(?:\.\d+)?) ?%$/.exec(written)?.[1];
  if (digits !== undefined) return parseDecimal(digits);
  context.addIssue({ code: "custom", message: `"${written}" is no percentage, such as 10 %` });
  return z.NEVER;
});

const wholeAccount = z.exactOptional(z.literal("account"));

/** `10 %`, or an amount in the book's currency. */
export const discount = z.union([percent, z.strictObject({ amount: decimal })]);
export const bookDiscount = z.union([percent, z.strictObject({ amount: decimal, scope: wholeAccount })]);

type Discount = Pick<PriceBook, "discountPercent" | "discountAmount" | "discountScope">;

export function discountTerms(said: z.output<typeof bookDiscount> | undefined): Discount {
  if (said === undefined) return {};
  if (!("amount" in said)) return { discountPercent: said };
  return { discountAmount: said.amount, ...(said.scope === undefined ? {} : { discountScope: said.scope }) };
}

/** So many units, or so many for the whole account. */
export const allowance = z.union([decimal, z.strictObject({ units: decimal, scope: wholeAccount })]);

export function allowanceTerms(said: z.output<typeof allowance> | undefined): {
  readonly allowance?: Rational;
  readonly allowanceScope?: "account";
} {
  if (said === undefined) return {};
  if (!("units" in said)) return { allowance: said };
  return { allowance: said.units, ...(said.scope === undefined ? {} : { allowanceScope: said.scope }) };
}

const length = z.string().transform((written, context) => {
  const ms = lengthOf(written);
  if (ms !== undefined) return ms;
  context.addIssue({ code: "custom", message: `"${written}" is no length of time, such as 60 seconds` });
  return z.NEVER;
});

export const least = z.strictObject({ time: z.exactOptional(length), amount: z.exactOptional(decimal) });

export const leastTerms = ({ time, amount }: z.output<typeof least>): Least => ({
  ...(time === undefined ? {} : { timeMs: time }),
  ...(amount === undefined ? {} : { amount }),
});

const since = z.string().transform((written, context) => {
  try {
    return instant(written);
  } catch {
    context.addIssue({ code: "custom", message: `"${written}" is no instant, such as 2026-01-15T00:00:00Z` });
    return z.NEVER;
  }
});

export const minimum: z.ZodType<Minimum, { amount: string; since?: string; scope?: "account" }> = z.strictObject({
  amount: decimal,
  since: z.exactOptional(since),
  scope: wholeAccount,
});

export const day = z
  .string()
  .refine(isDay, { error: ({ input }) => `"${String(input)}" is no day, such as 2026-01-15` });
