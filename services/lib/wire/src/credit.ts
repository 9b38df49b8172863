import type { Credit } from "@raingauge/domain";
import { z } from "zod";
import { canonical } from "./canonical.ts";
import { count, moment, read, whole } from "./field.ts";

export const CreditDocument = z.strictObject({
  id: z.string(),
  account: z.string(),
  kind: z.enum(["promotional", "prepaid"]),
  currency: z.string(),
  amount: whole,
  priority: count,
  since: z.exactOptional(moment),
  until: z.exactOptional(moment),
  skus: z.exactOptional(z.array(z.string()).readonly()),
  projects: z.exactOptional(z.array(z.string()).readonly()),
  note: z.string(),
});

/** A credit as it rests in the ledger. */
export const encodeCredit = (credit: Credit): string => canonical(z.encode(CreditDocument, credit));

export const decodeCredit = (text: string): Credit => read(CreditDocument, text);
