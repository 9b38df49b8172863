import { type Account, decimal, type Instant, iso, parseDecimal } from "@raingauge/domain";
import type { AccountVersion } from "@raingauge/ledger";
import { z } from "zod";
import { isZone } from "../months.ts";
import { MomentText } from "../period-query.ts";

const name = z.string().min(1).max(200);
const percent = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,6})?$/, "not a percentage such as 19 or 7.7")
  .transform(parseDecimal);
const identifier = z.strictObject({ id: name, scheme: z.exactOptional(name) });

const PartyRequest = z.strictObject({
  name,
  address: z.strictObject({
    lines: z.array(name).max(3),
    city: name,
    postcode: name,
    region: z.exactOptional(name),
    country: z.string().regex(/^[A-Z]{2}$/, "not a country of ISO 3166-1 such as DE"),
  }),
  vatId: z.exactOptional(z.string().regex(/^[A-Z]{2}[0-9A-Z+*]{2,12}$/, "not a VAT identifier such as DE123456789")),
  taxNumber: z.exactOptional(name),
  registration: z.exactOptional(identifier),
  endpoint: z.exactOptional(identifier),
  contact: z.exactOptional(
    z.strictObject({ name: z.exactOptional(name), phone: z.exactOptional(name), email: z.exactOptional(name) }),
  ),
  bank: z.exactOptional(z.strictObject({ iban: name, bic: z.exactOptional(name), holder: z.exactOptional(name) })),
});

const validity = { since: z.exactOptional(MomentText), until: z.exactOptional(MomentText) };

/** What ends before it begins would never hold, and nobody would notice before the bill. */
const begins = ({ since, until }: { readonly since?: Instant; readonly until?: Instant }): boolean =>
  since === undefined || until === undefined || since < until;
const ENDS_FIRST = { message: "is not after since", path: ["until"] };

/** Charged with a rate, or with none and a reason. */
const TaxRequest = z
  .strictObject({
    category: z.enum(["S", "Z", "E", "AE", "K", "G", "O", "L", "M"]).describe("Of UNCL 5305."),
    rate: percent,
    reason: z.exactOptional(z.strictObject({ code: z.exactOptional(name), text: name })),
    ...validity,
  })
  .refine(({ category, reason }) => ["S", "Z", "L", "M"].includes(category) || reason !== undefined, {
    message: "says no reason why nothing is charged",
    path: ["reason"],
  })
  .refine(({ category, rate }) => ["S", "L", "M"].includes(category) || rate.numerator === 0n, {
    message: "is not 0 in a category that charges nothing",
    path: ["rate"],
  })
  .refine(begins, ENDS_FIRST);

/** Of two that begin at once nobody can say which is in force. */
const beginApart = (taxes: readonly z.output<typeof TaxRequest>[]): boolean =>
  new Set(taxes.map(({ since }) => since)).size === taxes.length;

/** An account as somebody records it; what is left out has the value of an internal account. */
export const AccountRequest = z
  .strictObject({
    name,
    mode: z.enum(["external", "internal"]).default("internal").describe("Internal: no parties, no tax."),
    members: z
      .array(z.strictObject({ kind: z.enum(["project", "domain"]), id: name, ...validity }).refine(begins, ENDS_FIRST))
      .min(1)
      .max(10_000),
    seller: z.exactOptional(PartyRequest),
    buyer: z.exactOptional(PartyRequest),
    taxes: z
      .array(TaxRequest)
      .max(20)
      .refine(beginApart, "begin at the same time: nobody could say which is in force")
      .default([])
      .describe("Of those in force the one that began last."),
    dueDays: z.int().min(0).max(365).default(0),
    paymentTerms: z.exactOptional(name),
    locale: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "not a language such as de")
      .default("en"),
    zone: z.string().refine(isZone, "not a time zone such as Europe/Berlin"),
    currency: z.string().regex(/^[A-Z]{3}$/, "not a currency of ISO 4217 such as EUR"),
    book: name.describe("The name of its price book."),
    costCentre: z.exactOptional(name),
    purchaseOrder: z.exactOptional(name),
    buyerReference: z.exactOptional(name),
    rounding: z.enum(["half-up", "half-even"]).default("half-up"),
    taxRounding: z
      .exactOptional(z.enum(["half-up", "half-even", "down"]))
      .describe("How tax is rounded, if not as the lines are; `down` is common in Japan."),
    taxCurrency: z
      .exactOptional(
        z.strictObject({
          currency: z.string().regex(/^[A-Z]{3}$/, "not a currency of ISO 4217 such as SEK"),
          rate: z
            .string()
            .regex(/^\d{1,9}(\.\d{1,9})?$/, "not a rate such as 11.2345")
            .transform(parseDecimal),
        }),
      )
      .describe("Where tax has to be said in another currency too: how much of it one unit of the invoice's is."),
    series: z
      .exactOptional(z.string().regex(/^[A-Za-z0-9{}-]{1,40}$/, "not a series such as INV-{year}"))
      .describe("Where its numbers are drawn from; {year} stands for the year of issue."),
    closing: z
      .strictObject({
        allowUnpriced: z.boolean().default(false),
        seenPercentMin: z
          .exactOptional(percent)
          .describe("Hold the invoice when less of the charged time was seen, in per cent; the rest was concluded."),
        silentAgentsMax: z
          .exactOptional(z.int().min(0).max(1_000_000))
          .describe("Hold it when more agents of its regions had fallen silent by the end of the period."),
        unreconciledMax: z
          .exactOptional(z.int().min(0).max(1_000_000))
          .describe("Hold it when of more of its resources nobody confirmed that they ended."),
      })
      .default({ allowUnpriced: false }),
    corrections: z
      .strictObject({
        policy: z.enum(["report", "credit-only", "both"]).default("report"),
        least: z.exactOptional(
          z
            .string()
            .regex(/^\d+(\.\d+)?$/, "not an amount")
            .transform(parseDecimal),
        ),
        approval: z.boolean().default(false),
      })
      .default({ policy: "report", approval: false }),
  })
  .refine(({ mode, seller, buyer, taxes }) => mode === "internal" || (seller && buyer && taxes.length > 0), {
    message: "is external, and so wants a seller, a buyer and a tax",
    path: ["mode"],
  });

export const AccountView = z.object({
  id: z.string(),
  validFrom: z.string(),
  recordedAt: z.string(),
  digest: z.string().describe("What an invoice pins."),
  content: z.unknown().describe("The account as it was recorded."),
});

export const viewAccount = ({
  account,
  validFrom,
  recordedAt,
  digest,
}: AccountVersion): z.input<typeof AccountView> => ({
  id: account.id,
  validFrom: iso(validFrom),
  recordedAt: iso(recordedAt),
  digest,
  content: contentOf(account),
});

/** In the words in which it could be recorded again. */
function contentOf({ id: _, members, taxes, closing, corrections, taxCurrency, ...account }: Account): object {
  const shown = <
    T extends { since?: Account["members"][number]["since"]; until?: Account["members"][number]["until"] },
  >({
    since,
    until,
    ...rest
  }: T) => ({
    ...rest,
    ...(since === undefined ? {} : { since: iso(since) }),
    ...(until === undefined ? {} : { until: iso(until) }),
  });
  const { seenPercentMin } = closing;
  return {
    ...account,
    ...(taxCurrency === undefined ? {} : { taxCurrency: { ...taxCurrency, rate: decimal(taxCurrency.rate, 9) } }),
    members: members.map(shown),
    taxes: taxes.map(({ rate, ...rest }) => ({ ...shown(rest), rate: decimal(rate, 6) })),
    closing: {
      ...closing,
      ...(seenPercentMin === undefined ? {} : { seenPercentMin: decimal(seenPercentMin, 6) }),
    },
    corrections: {
      ...corrections,
      ...(corrections.least === undefined ? {} : { least: decimal(corrections.least, 12) }),
    },
  };
}
