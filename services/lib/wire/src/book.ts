import type { PriceBook } from "@raingauge/domain";
import { z } from "zod";
import { canonical, sha256 } from "./canonical.ts";
import { conditions, fraction, moment, priceModel, read, whole } from "./field.ts";

const tiers = z.array(z.strictObject({ upTo: z.exactOptional(fraction), amount: fraction })).readonly();
const least = z.strictObject({ timeMs: z.exactOptional(whole), amount: z.exactOptional(fraction) });
const minimum = z.strictObject({ amount: fraction, since: z.exactOptional(moment) });

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
  scope: z.enum(["resource", "project"]),
  allowance: z.exactOptional(fraction),
  model: z.exactOptional(priceModel),
  least: z.exactOptional(least),
  cap: z.exactOptional(fraction),
  discountPercent: z.exactOptional(fraction),
  tiers,
});

const OverrideDocument = z.strictObject({
  account: z.exactOptional(z.string()),
  project: z.exactOptional(z.string()),
  discountPercent: z.exactOptional(fraction),
  minimum: z.exactOptional(minimum),
  prices: z
    .record(
      z.string(),
      z.strictObject({
        tiers: z.exactOptional(tiers),
        allowance: z.exactOptional(fraction),
        least: z.exactOptional(least),
        cap: z.exactOptional(fraction),
        discountPercent: z.exactOptional(fraction),
      }),
    )
    .readonly(),
});

const BookDocument = z.strictObject({
  name: z.string(),
  version: z.string(),
  currency: z.string(),
  month: z.enum(["calendar", "730h"]),
  discountPercent: z.exactOptional(fraction),
  minimum: z.exactOptional(minimum),
  overrides: z.exactOptional(z.array(OverrideDocument).readonly()),
  prices: z.array(PriceDocument).readonly(),
  free: z.array(z.string()).readonly(),
});

/** A price book as it rests in the ledger: every number exact, whatever the file it was written in looked like. */
export const encodePriceBook = (book: PriceBook): string => canonical(z.encode(BookDocument, book));

export const decodePriceBook = (text: string): PriceBook => read(BookDocument, text);

/** What an invoice pins: a price altered by the smallest fraction is another book. */
export const priceBookDigest = (book: PriceBook): string => sha256(encodePriceBook(book));
