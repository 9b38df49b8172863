import type { Invoice, IssuedInvoice } from "@raingauge/domain";
import { z } from "zod";
import { canonical, sha256 } from "./canonical.ts";
import { count, fraction, moment, period, priceModel, read, whole } from "./field.ts";
import { EvidenceDocument } from "./usage.ts";

const LineDocument = z.strictObject({
  position: count,
  kind: z.exactOptional(z.enum(["discount", "minimum"])),
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
  tiers: z.array(z.strictObject({ units: fraction, amount: fraction, cost: fraction })).readonly(),
  raised: z.exactOptional(fraction),
  capped: z.exactOptional(fraction),
  cost: fraction,
  amount: whole,
  evidence: EvidenceDocument,
});

const InvoiceDocument = z.strictObject({
  project: z.string(),
  period,
  zone: z.string(),
  currency: z.string(),
  book: z.strictObject({ name: z.string(), version: z.string() }),
  rounding: z.literal("half-up"),
  lines: z.array(LineDocument).readonly(),
  total: whole,
});

const PinsDocument = z.strictObject({ watermark: moment, bookDigest: z.string(), engine: z.string(), monthMs: whole });

const digest = z.string().regex(/^[0-9a-f]{64}$/, "not a digest");

const UnsealedDocument = z.strictObject({
  number: z.string(),
  series: z.string(),
  sequence: whole,
  issuedAt: moment,
  invoice: InvoiceDocument,
  pins: PinsDocument,
  usageDigests: z.array(digest).readonly(),
  freeDigest: digest,
  previousHash: z.union([z.literal(""), digest]),
});

/** An issued invoice but for its own hash: what the hash is over. */
export type UnsealedInvoice = Omit<IssuedInvoice, "hash">;

/** The document's canonical text, which is what rests in the ledger; its SHA-256 is the invoice's hash. */
export function encodeIssued(issued: UnsealedInvoice): string {
  const { number, series, sequence, issuedAt, invoice, pins, usageDigests, freeDigest, previousHash } = issued;
  const unsealed = { number, series, sequence, issuedAt, invoice, pins, usageDigests, freeDigest, previousHash };
  return canonical(z.encode(UnsealedDocument, unsealed));
}

/** The hash is the one that was written beside the text, so that a reader can tell whether the two still agree. */
export const decodeIssued = (text: string, hash: string): IssuedInvoice => ({ ...read(UnsealedDocument, text), hash });

export const documentHash = (issued: UnsealedInvoice): string => sha256(encodeIssued(issued));

/** A draft's canonical text: equal texts are equal bills, whenever they were computed. */
export const encodeInvoice = (invoice: Invoice): string => canonical(z.encode(InvoiceDocument, invoice));

export const decodeInvoice = (text: string): Invoice => read(InvoiceDocument, text);
