import type { PriceBook } from "@raingauge/domain";
import { z } from "zod";
import { canonical, sha256 } from "./canonical.ts";
import { calendarDay, conditions, count, fraction, moment, priceModel, read, whole } from "./field.ts";

const tiers = z.array(z.strictObject({ upTo: z.exactOptional(fraction), amount: fraction })).readonly();
const least = z.strictObject({ timeMs: z.exactOptional(whole), amount: z.exactOptional(fraction) });
const account = z.exactOptional(z.literal("account"));
const minimum = z.strictObject({ amount: fraction, since: z.exactOptional(moment), scope: account });
const discount = { discountPercent: z.exactOptional(fraction), discountAmount: z.exactOptional(fraction) };

const FeeDocument = z.strictObject({
  sku: z.string(),
  description: z.string(),
  amount: fraction,
  months: count,
  anchor: z.exactOptional(calendarDay),
  since: z.exactOptional(calendarDay),
  until: z.exactOptional(calendarDay),
  proration: z.enum(["second", "day", "none"]),
  scope: z.enum(["account", "project"]),
});
const words = z.record(z.string(), z.string()).readonly();
const attributes = z.record(z.string(), z.record(z.string(), words).readonly()).readonly();
const fees = z.exactOptional(z.array(FeeDocument).readonly());

const PriceDocument = z.strictObject({
  sku: z.string(),
  description: z.string(),
  meter: z.string(),
  where: conditions,
  per: z.strictObject({
    label: z.string(),
    quantity: whole,
    time: z.exactOptional(z.union([z.literal("month"), whole])),
  }),
  scope: z.enum(["resource", "project", "account"]),
  allowance: z.exactOptional(fraction),
  allowanceScope: account,
  model: z.exactOptional(priceModel),
  least: z.exactOptional(least),
  cap: z.exactOptional(fraction),
  ...discount,
  tiers,
});

const OverrideDocument = z.strictObject({
  account: z.exactOptional(z.string()),
  project: z.exactOptional(z.string()),
  ...discount,
  discountScope: account,
  minimum: z.exactOptional(minimum),
  fees,
  prices: z
    .record(
      z.string(),
      z.strictObject({
        tiers: z.exactOptional(tiers),
        allowance: z.exactOptional(fraction),
        least: z.exactOptional(least),
        cap: z.exactOptional(fraction),
        ...discount,
      }),
    )
    .readonly(),
});

const BookDocument = z.strictObject({
  name: z.string(),
  version: z.string(),
  currency: z.string(),
  month: z.enum(["calendar", "730h"]),
  ...discount,
  discountScope: account,
  minimum: z.exactOptional(minimum),
  fees,
  overrides: z.exactOptional(z.array(OverrideDocument).readonly()),
  prices: z.array(PriceDocument).readonly(),
  attributes: z.exactOptional(attributes),
  free: z.array(z.string()).readonly(),
});

/** A price book as it rests in the ledger: every number exact, whatever the file it was written in looked like. */
export const encodePriceBook = (book: PriceBook): string => canonical(z.encode(BookDocument, book));

export const decodePriceBook = (text: string): PriceBook => read(BookDocument, text);

/** What an invoice pins: a price altered by the smallest fraction is another book. */
export const priceBookDigest = (book: PriceBook): string => sha256(encodePriceBook(book));
