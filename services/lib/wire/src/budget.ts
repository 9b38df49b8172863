import type { Budget } from "@raingauge/domain";
import { z } from "zod";
import { canonical, sha256 } from "./canonical.ts";
import { fraction, read } from "./field.ts";

const BudgetDocument = z.strictObject({
  name: z.string(),
  projects: z.array(z.string()).readonly(),
  account: z.exactOptional(z.string()),
  amount: fraction,
  thresholds: z.array(z.strictObject({ percent: fraction, of: z.enum(["actual", "forecast"]) })).readonly(),
  webhook: z.exactOptional(z.strictObject({ url: z.string(), secret: z.string() })),
  email: z.array(z.string()).readonly(),
});

/** A budget as it rests, its webhook's secret with it: whoever reads the ledger's tables may sign in its name. */
export const encodeBudget = (budget: Budget): string => canonical(z.encode(BudgetDocument, budget));

/** Of what everybody may know of it: the webhook's secret is no part of it, for a digest of a weak one would tell it. */
export const budgetDigest = ({ webhook, ...told }: Budget): string =>
  sha256(encodeBudget({ ...told, ...(webhook === undefined ? {} : { webhook: { ...webhook, secret: "" } }) }));

export const decodeBudget = (text: string): Budget => read(BudgetDocument, text);
