/**
 * The one order in which a bill is worked out, printed on every document. The steps up to the cap are exact and stand in
 * `charge.ts`, those from the rounding on in `invoice.ts`; each is a file of its own.
 */
export const ORDER = [
  "use",
  "allowance",
  "tiers",
  "least charge",
  "cap",
  "rounding of each line",
  "discounts of prices",
  "discount of the book",
  "minimum",
  "fees",
  "promotional credit",
  "tax",
  "prepaid credit",
] as const;

export type Step = (typeof ORDER)[number];
