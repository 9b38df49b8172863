import { formatMinor } from "@raingauge/domain";
import { z } from "zod";
import type { Difference, WhatIf } from "../what-if.ts";

const DIFFERENCE = { before: z.string(), after: z.string(), difference: z.string() };
const Book = z.object({ name: z.string(), version: z.string() });

export const WhatIfView = z.object({
  period: z.string(),
  currency: z.string(),
  present: Book.describe("The book in force when the month began."),
  candidate: Book,
  ...DIFFERENCE,
  accounts: z
    .array(z.object({ account: z.string(), ...DIFFERENCE }))
    .readonly()
    .describe("With what is of each account as a whole; without tax, and before any credit."),
  projects: z
    .array(
      z.object({
        account: z.string(),
        project: z.string(),
        ...DIFFERENCE,
        unpriced: z.object({ before: z.number().int(), after: z.number().int() }).describe("Usages without a price."),
        skus: z.array(z.object({ sku: z.string(), ...DIFFERENCE })).readonly(),
      }),
    )
    .readonly(),
});

export function viewWhatIf(
  { currency, present, candidate, accounts, projects }: WhatIf,
  period: string,
): z.input<typeof WhatIfView> {
  const shown = ({ before, after }: Difference) => ({
    before: formatMinor(before, currency),
    after: formatMinor(after, currency),
    difference: formatMinor(after - before, currency),
  });
  const sum = (of: keyof Difference): bigint => accounts.reduce((total, account) => total + account[of], 0n);
  return {
    period,
    currency,
    present,
    candidate,
    ...shown({ before: sum("before"), after: sum("after") }),
    accounts: accounts.map(({ account, ...totals }) => ({ account, ...shown(totals) })),
    projects: projects.map(({ account, project, unpriced, skus, ...totals }) => ({
      account,
      project,
      ...shown(totals),
      unpriced,
      skus: skus.map(({ sku, ...amounts }) => ({ sku, ...shown(amounts) })),
    })),
  };
}
