import type { Account } from "@raingauge/domain";
import { z } from "zod";
import { canonical, sha256 } from "./canonical.ts";
import { count, fraction, moment, read, rounding, taxCategory, taxCurrency, taxReason } from "./field.ts";
import { PartyDocument } from "./party.ts";

/** An account as its documents show it. */
export const BilledAccountDocument = z.strictObject({
  id: z.string(),
  name: z.string(),
  mode: z.enum(["external", "internal"]),
  seller: z.exactOptional(PartyDocument),
  buyer: z.exactOptional(PartyDocument),
  dueDays: count,
  paymentTerms: z.exactOptional(z.string()),
  locale: z.string(),
  costCentre: z.exactOptional(z.string()),
  purchaseOrder: z.exactOptional(z.string()),
  buyerReference: z.exactOptional(z.string()),
});

const AccountDocument = z.strictObject({
  ...BilledAccountDocument.shape,
  members: z
    .array(
      z.strictObject({
        kind: z.enum(["project", "domain"]),
        id: z.string(),
        since: z.exactOptional(moment),
        until: z.exactOptional(moment),
      }),
    )
    .readonly(),
  taxes: z
    .array(
      z.strictObject({
        category: taxCategory,
        rate: fraction,
        reason: z.exactOptional(taxReason),
        since: z.exactOptional(moment),
        until: z.exactOptional(moment),
      }),
    )
    .readonly(),
  zone: z.string(),
  currency: z.string(),
  book: z.string(),
  rounding,
  taxRounding: z.exactOptional(rounding),
  taxCurrency: z.exactOptional(taxCurrency),
  series: z.exactOptional(z.string()),
  closing: z.strictObject({
    allowUnpriced: z.boolean(),
    seenPercentMin: z.exactOptional(fraction),
    silentAgentsMax: z.exactOptional(count),
    unreconciledMax: z.exactOptional(count),
  }),
  corrections: z.strictObject({
    policy: z.enum(["report", "credit-only", "both"]),
    least: z.exactOptional(fraction),
    approval: z.boolean(),
  }),
});

/** An account's version as it rests in the ledger. */
export const encodeAccount = (account: Account): string => canonical(z.encode(AccountDocument, account));

export const decodeAccount = (text: string): Account => read(AccountDocument, text);

/** What an invoice pins of its account. */
export const accountDigest = (account: Account): string => sha256(encodeAccount(account));
