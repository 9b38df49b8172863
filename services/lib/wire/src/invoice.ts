import { type Adjusting, CHECKS, type Invoice, type IssuedInvoice } from "@raingauge/domain";
import { z } from "zod";
import { BilledAccountDocument } from "./account.ts";
import { canonical, sha256, Written } from "./canonical.ts";
import { CreditDocument } from "./credit.ts";
import {
  calendarDay,
  count,
  fraction,
  moment,
  period,
  priceModel,
  read,
  rounding,
  taxCategory,
  taxCurrency,
  taxReason,
  whole,
} from "./field.ts";
import { writeLines } from "./invoice-lines.ts";
import { EvidenceDocument } from "./usage.ts";

const adjusting = ["discount", "minimum", "fee", "credit"] satisfies Adjusting[];
const creditUses = z.array(z.strictObject({ credit: z.string(), amount: whole })).readonly();

const LineDocument = z.strictObject({
  position: count,
  kind: z.exactOptional(z.enum([...adjusting, "correction"])),
  of: z.exactOptional(z.enum(adjusting)),
  project: z.exactOptional(z.string()),
  region: z.exactOptional(z.string()),
  sku: z.string(),
  description: z.string(),
  meter: z.string(),
  resource: z.exactOptional(z.string()),
  resources: count,
  quantity: whole,
  units: fraction,
  unit: z.string(),
  freeUnits: z.exactOptional(fraction),
  model: z.exactOptional(priceModel),
  share: z.exactOptional(fraction),
  tiers: z.array(z.strictObject({ units: fraction, amount: fraction, cost: fraction })).readonly(),
  raised: z.exactOptional(fraction),
  capped: z.exactOptional(fraction),
  cost: fraction,
  amount: whole,
  tax: z.exactOptional(z.strictObject({ category: taxCategory, rate: fraction })),
  evidence: EvidenceDocument,
  change: z.exactOptional(z.strictObject({ billed: whole, due: whole })),
});

/** All of an invoice but its lines. */
const HeadDocument = z.strictObject({
  kind: z.enum(["invoice", "credit-note", "debit-note"]),
  account: BilledAccountDocument,
  projects: z.array(z.strictObject({ id: z.string(), period })).readonly(),
  period,
  zone: z.string(),
  tzVersion: z.string(),
  currency: z.string(),
  books: z.array(z.strictObject({ name: z.string(), version: z.string() })).readonly(),
  rounding,
  taxRounding: z.exactOptional(rounding),
  net: whole,
  taxes: z
    .array(
      z.strictObject({
        category: taxCategory,
        rate: fraction,
        reason: z.exactOptional(taxReason),
        net: whole,
        tax: whole,
      }),
    )
    .readonly(),
  total: whole,
  completeness: z.exactOptional(
    z.strictObject({
      observedMs: whole,
      inferredMs: whole,
      resources: count,
      unreconciled: count,
      watched: z
        .array(
          z.strictObject({
            region: z.string(),
            source: z.string(),
            agents: count,
            silent: count,
            expectedMs: whole,
            seenMs: whole,
          }),
        )
        .readonly(),
    }),
  ),
  taxIn: z.exactOptional(z.strictObject({ ...taxCurrency.shape, tax: whole })),
  prepaid: z.exactOptional(creditUses),
  corrects: z.exactOptional(
    z.strictObject({
      number: z.string(),
      hash: z.string(),
      after: z.string(),
      reason: z.string(),
      entirely: z.boolean(),
    }),
  ),
});

/** What is read, and the measure of what writes faster. */
export const InvoiceDocument = z.strictObject({
  ...HeadDocument.shape,
  lines: z.array(LineDocument).readonly(),
});

const digest = z.string().regex(/^[0-9a-f]{64}$/, "not a digest");

const PersonDocument = z.strictObject({ name: z.string(), id: z.exactOptional(z.string()) });

const PinsDocument = z.strictObject({
  watermark: moment,
  bookDigests: z.array(z.string()).readonly(),
  accountDigest: z.exactOptional(z.string()),
  engine: z.string(),
  monthMs: whole,
  waived: z.exactOptional(
    z.array(z.strictObject({ check: z.enum(CHECKS), says: z.string(), by: z.string(), reason: z.string() })).readonly(),
  ),
  days: z.exactOptional(z.record(calendarDay, moment).readonly()),
  credits: z.exactOptional(z.array(z.strictObject({ ...CreditDocument.shape, left: whole })).readonly()),
  approval: z.exactOptional(
    z.strictObject({ proposal: whole, proposedBy: PersonDocument, approvedBy: PersonDocument }),
  ),
});

/** The form of the document, so that a later one can be told from it. */
const FORM = 1;

const UnsealedDocument = z.strictObject({
  form: z.literal(FORM),
  number: z.string(),
  series: z.string(),
  sequence: whole,
  issuedAt: moment,
  issueDate: calendarDay,
  dueDate: calendarDay,
  invoice: InvoiceDocument,
  pins: PinsDocument,
  usageDigests: z.array(digest).readonly(),
  freeDigest: digest,
  previousHash: z.union([z.literal(""), digest]),
});

/** An issued invoice but for its own hash: what the hash is over. */
export type UnsealedInvoice = Omit<IssuedInvoice, "hash">;

/** All of a document but its invoice. */
const StandingDocument = UnsealedDocument.omit({ invoice: true });

/** The document's canonical text, which is what rests in the ledger; its SHA-256 is the invoice's hash. */
export const encodeIssued = (issued: UnsealedInvoice): string => encodeSealing(issued, encodeInvoice(issued.invoice));

/** The same where the invoice itself is written already: whoever waits for the document before it only adds what that decides. */
export function encodeSealing(issued: Omit<UnsealedInvoice, "invoice">, invoice: string): string {
  const { number, series, sequence, issuedAt, issueDate, dueDate, pins } = issued;
  const { usageDigests, freeDigest, previousHash } = issued;
  const standing = { form: FORM, number, series, sequence, issuedAt, issueDate, dueDate } as const;
  const around = z.encode(StandingDocument, { ...standing, pins, usageDigests, freeDigest, previousHash });
  return canonical({ ...around, invoice: new Written(invoice) });
}

/** The hash is the one that was written beside the text, so that a reader can tell whether the two still agree. */
export function decodeIssued(text: string, hash: string): IssuedInvoice {
  const { form: _, ...unsealed } = read(UnsealedDocument, text);
  return { ...unsealed, hash };
}

export const documentHash = (issued: UnsealedInvoice): string => sha256(encodeIssued(issued));

/** A draft's canonical text: equal texts are equal bills, whenever they were computed. */
export const encodeInvoice = ({ lines, ...head }: Invoice): string =>
  canonical({ ...z.encode(HeadDocument, head), lines: new Written(writeLines(lines)) });

export const decodeInvoice = (text: string): Invoice => read(InvoiceDocument, text);
