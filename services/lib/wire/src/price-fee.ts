import type { Fee } from "@raingauge/domain";
import { z } from "zod";
import { day, decimal, text } from "./price-terms.ts";

/** `month`, `3 months`, `year`. */
const cycle = z.string().transform((written, context) => {
  const [, count = "1", unit] = /^(?:([1-9]\d?) )?(month|year)s?$/.exec(written) ?? [];
  if (unit !== undefined) return Number(count) * (unit === "year" ? 12 : 1);
  context.addIssue({ code: "custom", message: `"${written}" is no cycle, such as month, 3 months or year` });
  return z.NEVER;
});

const scope = z.enum(["account", "project"]).default("account");

export const FeeEntry = z
  .strictObject({
    sku: text.describe("The article number, unique in its book."),
    description: text.describe("What the invoice calls it; it adds the days."),
    amount: decimal.describe("For a whole cycle, in the book's currency."),
    every: cycle.describe("How long a cycle is: `month`, `3 months`, `year`."),
    anchor: z
      .exactOptional(day)
      .describe("A day on which a cycle begins, such as 2026-01-31; the first of January where it is left out."),
    since: z.exactOptional(day).describe("The first day for which it is owed."),
    until: z.exactOptional(day).describe("The day after the last."),
    proration: z
      .enum(["second", "day", "none"])
      .default("second")
      .describe("How a cycle is charged of which it is owed for a part only: by time, by calendar day, or whole."),
    scope: scope.describe("Whether each account owes it, or each project that is charged anything."),
  })
  .transform(({ every, ...rest }): Fee => ({ ...rest, months: every }));
