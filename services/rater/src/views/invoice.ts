import { z } from "zod";
import { PeriodView } from "./usage.ts";

const amount = z.string().describe("Decimal digits in the invoice's currency.");

export const LineView = z.object({
  position: z.number().int(),
  kind: z
    .enum(["discount", "minimum"])
    .optional()
    .describe("Set on a line that adjusts others, whose quantity is an amount."),
  sku: z.string(),
  description: z.string(),
  meter: z.string(),
  resource: z.string().optional(),
  resources: z.number().int(),
  quantity: z.string().describe("In units of the price, to 12 places; what is charged is the exact fraction."),
  unit: z.string(),
  freeQuantity: z.string().optional().describe("Of the quantity, free under the project's allowance."),
  model: z
    .enum(["volume", "package", "flat"])
    .optional()
    .describe("How the tiers apply; left out where each holds its part."),
  tiers: z.array(z.object({ quantity: z.string(), price: amount, cost: amount })).readonly(),
  raised: amount.optional().describe("What was added up to the least charge of a use."),
  capped: amount.optional().describe("What the price's cap took off."),
  cost: amount.describe("Before the one rounding."),
  amount,
  readings: z.number().int(),
  seenSeconds: z.number(),
  inferredSeconds: z.number(),
});

export const InvoiceView = z.object({
  project: z.string(),
  period: PeriodView,
  zone: z.string(),
  currency: z.string(),
  book: z.object({ name: z.string(), version: z.string() }),
  total: amount,
  lines: z.array(LineView).readonly(),
});

export const IssuedInvoiceView = InvoiceView.extend({
  number: z.string(),
  issuedAt: z.string(),
  watermark: z.string().describe("What was stored later is not on this invoice."),
  bookDigest: z.string(),
  previousHash: z.string(),
  hash: z.string(),
});
