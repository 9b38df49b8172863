import { ORDER, ROUNDINGS } from "@raingauge/domain";
import { z } from "zod";
import { PeriodView } from "./usage.ts";

const amount = z.string().describe("Decimal digits in the invoice's currency.");

export const LineView = z.object({
  position: z.number().int(),
  kind: z
    .enum(["discount", "minimum", "fee", "credit", "correction"])
    .optional()
    .describe("Set on a line that charges no use: of all but a fee the quantity is an amount."),
  project: z.string().optional().describe("Left out on a line of the whole account."),
  region: z
    .string()
    .optional()
    .describe("Where it was used; left out where all of the document was used in one region."),
  sku: z.string(),
  description: z.string(),
  meter: z.string(),
  resource: z.string().optional(),
  resources: z.number().int(),
  quantity: z.string().describe("In units of the price, to 12 places; what is charged is the exact fraction."),
  unit: z.string(),
  freeQuantity: z.string().optional().describe("Of the quantity, free under the price's allowance."),
  model: z
    .enum(["volume", "package", "flat"])
    .optional()
    .describe("How the tiers apply; left out where each holds its part."),
  share: z
    .string()
    .optional()
    .describe("In per cent: the part of its account's use, where that fills the tiers together."),
  tiers: z.array(z.object({ quantity: z.string(), price: amount, cost: amount })).readonly(),
  raised: amount.optional().describe("What was added up to the least charge of a use."),
  capped: amount.optional().describe("What the price's cap took off."),
  cost: amount.describe("Before the one rounding."),
  amount: amount.describe("Without tax."),
  tax: z.object({ category: z.string(), rate: z.string() }).optional(),
  change: z
    .object({ billed: amount, due: amount })
    .optional()
    .describe("On a correction: what was billed so far, and what should have been."),
  readings: z.number().int(),
  seenSeconds: z.number(),
  inferredSeconds: z.number(),
});

const TaxView = z.object({
  category: z.string().describe("Of UNCL 5305."),
  rate: z.string().describe("In per cent."),
  reason: z.string().optional(),
  net: amount,
  tax: amount,
});

const CompletenessView = z.object({
  seenPercent: z.string().describe("Of the time charged, cut off to a tenth; the rest was concluded."),
  seenSeconds: z.string(),
  inferredSeconds: z.string(),
  resources: z.number().int(),
  unreconciled: z.number().int().describe("Of how many of them nobody confirmed that they ended."),
  watched: z
    .array(
      z.object({
        region: z.string(),
        source: z.string(),
        agents: z.number().int(),
        silent: z.number().int().describe("Those that had fallen silent by the end of the period."),
        percent: z.string().describe("Of what should have been watched."),
        expectedSeconds: z.string(),
        seenSeconds: z.string(),
      }),
    )
    .readonly(),
});

export const InvoiceView = z.object({
  kind: z.enum(["invoice", "credit-note", "debit-note"]),
  account: z.object({ id: z.string(), name: z.string(), mode: z.enum(["external", "internal"]) }),
  projects: z.array(z.string()).readonly(),
  period: PeriodView,
  zone: z.string(),
  tzVersion: z.string(),
  currency: z.string(),
  books: z.array(z.object({ name: z.string(), version: z.string() })).readonly(),
  rounding: z.enum(ROUNDINGS),
  taxRounding: z.enum(ROUNDINGS).optional().describe("Left out where tax is rounded as the lines are."),
  net: amount,
  taxes: z.array(TaxView).readonly(),
  completeness: CompletenessView.optional().describe("How well it is founded; left out where nobody looked."),
  total: amount.describe("Net and taxes."),
  taxIn: z
    .object({ currency: z.string(), rate: z.string(), tax: amount })
    .optional()
    .describe("The whole tax in another currency, and how much of it one unit of the invoice's is."),
  prepaid: z
    .array(z.object({ credit: z.string(), amount }))
    .readonly()
    .optional()
    .describe("What prepaid credit pays of the total."),
  payable: amount.describe("What is left to be paid."),
  order: z.array(z.enum(ORDER)).readonly().describe("The order in which it is worked out."),
  corrects: z.object({ number: z.string(), reason: z.string(), entirely: z.boolean() }).optional(),
  lines: z.array(LineView).readonly(),
});

export const IssuedInvoiceView = InvoiceView.extend({
  number: z.string(),
  issuedAt: z.string(),
  issueDate: z.string(),
  dueDate: z.string(),
  watermark: z.string().describe("What was stored later is not on this invoice."),
  bookDigests: z.array(z.string()).readonly(),
  accountDigest: z.string().optional(),
  previousHash: z.string(),
  hash: z.string(),
});
