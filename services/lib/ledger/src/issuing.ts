import type { IssuedInvoice, Period, PriceBook } from "@raingauge/domain";
import { documentHash, encodeUsages, sha256, type UnsealedInvoice } from "@raingauge/wire";
import { type Draft, LedgerConflict } from "./ledger.ts";
import { numberOf } from "./number.ts";

/** Where a document stands in its series. */
export type Standing = Pick<IssuedInvoice, "series" | "sequence" | "issuedAt" | "previousHash">;

/** The usages of a draft as they rest: each line's by its position, and at 0 those that were not charged. */
export type Frozen = ReadonlyMap<number, string>;

export function frozen({ invoice, usages, free }: Draft): Frozen {
  const lines = invoice.lines.map(({ position }) => [position, encodeUsages(usages.get(position) ?? [])] as const);
  return new Map([[FREE_POSITION, encodeUsages(free)], ...lines]);
}

const FREE_POSITION = 0;

/**
 * Makes a draft a document. Every adapter numbers, chains and seals through this, so that their documents are the same to
 * the byte.
 */
export function sealed({ invoice, pins }: Draft, usages: Frozen, standing: Standing): IssuedInvoice {
  const digestAt = (position: number): string => sha256(usages.get(position) ?? NO_USAGES);
  const unsealed: UnsealedInvoice = {
    ...standing,
    number: numberOf(standing),
    invoice,
    pins,
    usageDigests: invoice.lines.map(({ position }) => digestAt(position)),
    freeDigest: digestAt(FREE_POSITION),
  };
  return { ...unsealed, hash: documentHash(unsealed) };
}

export const NO_USAGES = "[]";

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
