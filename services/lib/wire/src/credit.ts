import type { Credit, Instant } from "@raingauge/domain";
import { z } from "zod";
import { canonical, sha256 } from "./canonical.ts";
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

/** What changed what is left of a credit, as far as it names a state: nothing is ever taken out of it. */
interface Change {
  readonly kind: string;
  readonly amount: bigint;
  readonly at: Instant;
  readonly number?: string;
}

/** Of a credit with everything that changed what is left of it. */
export const creditDigest = (credit: Credit, changes: readonly Change[]): string =>
  sha256(
    canonical([
      encodeCredit(credit),
      ...changes.map(({ kind, amount, at, number = "" }) => [kind, String(amount), at, number]),
    ]),
  );

export const decodeCredit = (text: string): Credit => read(CreditDocument, text);
