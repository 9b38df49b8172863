import { type Credit, formatMinor, type Instant, iso } from "@raingauge/domain";
import type { CreditEntry, GrantedCredit } from "@raingauge/ledger";
import { creditDigest } from "@raingauge/wire";
import { z } from "zod";
import { Digest } from "../if-match.ts";
import { MomentText } from "../period-query.ts";

const amount = z.string().describe("Decimal digits in the credit's currency.");
const name = z.string().min(1).max(200);

/** Nothing else than digits: a float near money would be one of ours. */
const Amount = z.string().regex(/^\d{1,15}(\.\d{1,4})?$/, "not an amount such as 250.00");

export const CreditRequest = z
  .strictObject({
    kind: z
      .enum(["promotional", "prepaid"])
      .describe("Promotional credit was given and lessens what is taxed; prepaid credit was paid and pays the total."),
    amount: Amount,
    currency: z.string().regex(/^[A-Z]{3}$/, "not a currency of ISO 4217 such as EUR"),
    priority: z.int().min(0).max(1_000).default(100).describe("The lowest is drawn first; then what ends first."),
    since: z.exactOptional(MomentText).describe("It pays for months that overlap its validity."),
    until: z.exactOptional(MomentText),
    skus: z.exactOptional(z.array(name).min(1).max(1_000)).describe("Articles that it pays for, as patterns with `*`."),
    projects: z.exactOptional(z.array(name).min(1).max(1_000)).describe("Projects that it pays for."),
    note: z.string().max(200).default("").describe("Printed on the invoices that draw it."),
  })
  .refine(({ since, until }) => since === undefined || until === undefined || since < until, {
    message: "is not after since",
    path: ["until"],
  });

export const WithdrawalRequest = z.strictObject({ amount: Amount, note: z.string().min(1).max(200).describe("Why.") });

const Entry = z.object({
  kind: z.enum(["granted", "drawn", "returned", "withdrawn"]),
  amount: amount.describe("By so much what is left changed."),
  left: amount,
  at: z.string(),
  number: z.string().optional().describe("The document that drew it, or gave it back."),
  by: z.string().optional(),
  note: z.string().optional(),
});

export const CreditView = z.object({
  id: z.string(),
  account: z.string(),
  kind: z.enum(["promotional", "prepaid"]),
  state: z.enum(["to come", "open", "used up", "ended"]),
  currency: z.string(),
  amount,
  left: amount,
  priority: z.number().int(),
  since: z.string().optional(),
  until: z.string().optional(),
  skus: z.array(z.string()).readonly().optional(),
  projects: z.array(z.string()).readonly().optional(),
  note: z.string(),
  remarks: z
    .array(z.string())
    .readonly()
    .describe(
      "What of it nothing can draw: articles that the account's price book has not, projects that are not its own.",
    ),
  grantedAt: z.string(),
  grantedBy: z.string(),
});

export const CreditHistoryView = CreditView.extend({
  entries: z.array(Entry).readonly().describe("Oldest first."),
  digest: Digest,
});

/** What is known around a credit. */
export interface Around {
  readonly now: Instant;
  readonly remarks: (credit: Credit) => readonly string[];
}

export const viewCredit = (
  { credit, grantedAt, grantedBy, left }: GrantedCredit,
  { now, remarks }: Around,
): z.input<typeof CreditView> => {
  const { since, until, currency, amount: granted, skus, projects, ...rest } = credit;
  return {
    ...rest,
    state: stateOf({ left, since, until, now }),
    currency,
    amount: formatMinor(granted, currency),
    left: formatMinor(left, currency),
    ...(since === undefined ? {} : { since: iso(since) }),
    ...(until === undefined ? {} : { until: iso(until) }),
    ...(skus === undefined ? {} : { skus }),
    ...(projects === undefined ? {} : { projects }),
    remarks: remarks(credit),
    grantedAt: iso(grantedAt),
    grantedBy,
  };
};

interface Facts {
  readonly left: bigint;
  readonly since: Instant | undefined;
  readonly until: Instant | undefined;
  readonly now: Instant;
}

function stateOf({ left, since, until, now }: Facts): z.input<typeof CreditView>["state"] {
  if (left === 0n) return "used up";
  if (until !== undefined && until <= now) return "ended";
  return since !== undefined && since > now ? "to come" : "open";
}

export const viewCreditHistory = (
  granted: GrantedCredit,
  entries: readonly CreditEntry[],
  around: Around,
): z.input<typeof CreditHistoryView> => ({
  ...viewCredit(granted, around),
  entries: entries.map(({ amount: change, left, at, ...rest }) => ({
    ...rest,
    amount: formatMinor(change, granted.credit.currency),
    left: formatMinor(left, granted.credit.currency),
    at: iso(at),
  })),
  digest: creditDigest(granted.credit, entries),
});
