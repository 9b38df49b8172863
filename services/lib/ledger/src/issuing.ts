import type { IssuedInvoice, Period, PriceBook, Usage } from "@raingauge/domain";
import { documentHash, encodeUsages, type UnsealedInvoice, usageDigest } from "@raingauge/wire";
import { type Draft, LedgerConflict } from "./ledger.ts";

/** Where a document stands in its series. */
export type Standing = Pick<IssuedInvoice, "series" | "sequence" | "issuedAt" | "previousHash">;

/** Makes a draft a document. Every adapter numbers, chains and seals through this, so that their documents are the same to the byte. */
export function sealed({ invoice, usages, free, pins }: Draft, standing: Standing): IssuedInvoice {
  const unsealed: UnsealedInvoice = {
    ...standing,
    number: numberOf(standing),
    invoice,
    pins,
    usageDigests: invoice.lines.map(({ position }) => usageDigest(usages.get(position) ?? [])),
    freeDigest: usageDigest(free),
  };
  return { ...unsealed, hash: documentHash(unsealed) };
}

/** Six digits sort as they count for the first million documents, and go on counting after that. */
const numberOf = ({ series, sequence }: Standing): string => `${series}-${String(sequence).padStart(6, "0")}`;

/** The usages as they are frozen: each line's by its position, and at 0 those that were not charged. */
export function frozenTexts({ invoice, usages, free }: Draft): ReadonlyMap<number, string> {
  const lines = invoice.lines.map(({ position }): [number, readonly Usage[]] => [position, usages.get(position) ?? []]);
  return new Map([[0, free] as const, ...lines].map(([position, behind]) => [position, encodeUsages(behind)]));
}

/** A bill that is there already answers for the draft if it is for the same period, and stands in its way otherwise. */
export function checkSamePeriod(
  { number, period }: { readonly number: string; readonly period: Period },
  { invoice }: Draft,
): void {
  if (period.start === invoice.period.start && period.end === invoice.period.end) return;
  throw new LedgerConflict(
    `invoice ${number} bills part of this period already; project ${invoice.project} would pay for the same time twice`,
  );
}

export const alreadyPublished = ({ name, version }: PriceBook): LedgerConflict =>
  new LedgerConflict(
    `price book ${name} ${version} is published already, with other content or from another date; give the change a version of its own`,
  );

export const alreadyGranted = (name: string): LedgerConflict =>
  new LedgerConflict(`${name} holds a token already; revoke that one first`);
