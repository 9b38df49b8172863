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
  projects: z
    .array(
      z.object({
        project: z.string(),
        ...DIFFERENCE,
        unpriced: z.object({ before: z.number().int(), after: z.number().int() }).describe("Usages without a price."),
        skus: z.array(z.object({ sku: z.string(), ...DIFFERENCE })).readonly(),
      }),
    )
    .readonly(),
});

export function viewWhatIf(
  { currency, present, candidate, projects }: WhatIf,
  period: string,
): z.input<typeof WhatIfView> {
  const shown = ({ before, after }: Difference) => ({
    before: formatMinor(before, currency),
    after: formatMinor(after, currency),
    difference: formatMinor(after - before, currency),
  });
  const sum = (of: keyof Difference): bigint => projects.reduce((total, project) => total + project[of], 0n);
  return {
    period,
    currency,
    present,
    candidate,
    ...shown({ before: sum("before"), after: sum("after") }),
    projects: projects.map(({ project, unpriced, skus, ...totals }) => ({
      project,
      ...shown(totals),
      unpriced,
      skus: skus.map(({ sku, ...amounts }) => ({ sku, ...shown(amounts) })),
    })),
  };
}
