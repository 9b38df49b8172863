import {
  type Instant,
  type Invoice,
  type IssuedInvoice,
  overlapMs,
  type Pins,
  type PriceBook,
} from "@raingauge/domain";
import { encodeInvoice, encodeSealing, encodeUsages, sha256 } from "@raingauge/wire";
import { LedgerConflict } from "./conflict.ts";
import { dateIn, daysAfter } from "./date.ts";
import type { Draft, NilPeriod } from "./ledger.ts";
import { numberOf } from "./number.ts";

/** Where a document stands in its series. */
export interface Standing {
  readonly series: string;
  readonly sequence: bigint;
  readonly issuedAt: Instant;
  readonly previousHash: string;
}

/** The usages of a draft as they rest: each line's by its position, and at 0 those that were not charged. */
export type Frozen = ReadonlyMap<number, string>;

/** A draft with all of its document that does not depend on its number. Only `prepare` makes one: the texts are the draft's own. */
export interface PreparedDraft {
  readonly draft: Draft;
  /** Canonical, as it rests within the document. */
  readonly invoice: string;
  readonly usages: Frozen;
  /** SHA-256, in hexadecimal digits, of each line's usages, line by line; and of those that were free. */
  readonly usageDigests: readonly string[];
  readonly freeDigest: string;
}

/** Writes all that a draft says by itself, before anybody has to wait for its number. Pure. */
export function prepare(draft: Draft): PreparedDraft {
  const { invoice, usages, free } = draft;
  const lines = invoice.lines.map(({ position }) => [position, encodeUsages(usages.get(position) ?? [])] as const);
  const unbilled = encodeUsages(free);
  return {
    draft,
    invoice: encodeInvoice(invoice),
    usages: new Map([[FREE_POSITION, unbilled], ...lines]),
    usageDigests: lines.map(([, text]) => sha256(text)),
    freeDigest: sha256(unbilled),
  };
}

const FREE_POSITION = 0;

/** Credit and debit notes count for themselves, so that neither makes the invoices' numbers look as if one were missing. */
export function seriesOf({ series, invoice }: Draft, usual: string, now: Instant): string {
  const own = (series ?? usual).replaceAll("{year}", dateIn(now, invoice.zone).slice(0, 4));
  return `${own}${SUFFIXES[invoice.kind]}`;
}

const SUFFIXES: Readonly<Record<Invoice["kind"], string>> = { invoice: "", "credit-note": "-CN", "debit-note": "-DN" };

/**
 * Makes a draft a document, with the text that rests. Every adapter numbers, chains and seals through this, so that their
 * documents are the same to the byte.
 */
export function sealed(
  { draft: { invoice, pins }, invoice: written, usageDigests, freeDigest }: PreparedDraft,
  standing: Standing,
): { readonly issued: IssuedInvoice; readonly text: string } {
  const issueDate = dateIn(standing.issuedAt, invoice.zone);
  const unsealed = {
    ...standing,
    number: numberOf(standing),
    issueDate,
    dueDate: daysAfter(issueDate, invoice.account.dueDays),
    pins,
    usageDigests,
    freeDigest,
  };
  const text = encodeSealing(unsealed, written);
  return { issued: { ...unsealed, invoice, hash: sha256(text) }, text };
}

/** What is known of a document that may stand in a draft's way. */
export type Known = Pick<IssuedInvoice, "number" | "hash"> & {
  readonly invoice: Pick<Invoice, "kind" | "account" | "projects" | "period" | "corrects">;
  readonly pins: Pick<Pins, "accountDigest" | "watermark">;
};

/**
 * The document that answers for a draft already, or undefined where a number is to be drawn; throws LedgerConflict where
 * the draft contradicts what is written. `family`: every document that may bill the same time, or corrects the same one.
 */
export function answering<T extends Known>(family: readonly T[], draft: Draft): T | undefined {
  return draft.invoice.corrects === undefined ? sameBill(family, draft) : sameCorrection(family, draft);
}

function sameBill<T extends Known>(family: readonly T[], draft: Draft): T | undefined {
  const taken = new Set(
    family.flatMap(({ invoice }) => (invoice.corrects?.entirely === true ? [invoice.corrects.number] : [])),
  );
  const known = family.find((each) => each.invoice.kind === "invoice" && !taken.has(each.number) && meets(each, draft));
  if (known === undefined) return undefined;
  const { period } = draft.invoice;
  const same = known.invoice.period.start === period.start && known.invoice.period.end === period.end;
  if (same && isSameAccount(known, draft)) return known;
  throw new LedgerConflict(
    `invoice ${known.number} bills part of this period already; account ${draft.invoice.account.id} would pay for the same time twice`,
  );
}

/** Bills the same account or the same project at the same time. */
function meets(known: Known, draft: Draft): boolean {
  if (isSameAccount(known, draft) && overlapMs(known.invoice.period, draft.invoice.period) > 0) return true;
  return draft.invoice.projects.some(({ id, period }) =>
    known.invoice.projects.some((billed) => billed.id === id && overlapMs(billed.period, period) > 0),
  );
}

/** A project's own account may bear the name of one that somebody recorded. */
const isSameAccount = ({ invoice, pins }: Pick<Known, "invoice" | "pins">, draft: Draft): boolean =>
  invoice.account.id === draft.invoice.account.id &&
  (pins.accountDigest === undefined) === (draft.pins.accountDigest === undefined);

function sameCorrection<T extends Known>(family: readonly T[], { invoice, pins }: Draft): T | undefined {
  const { number = "", hash, after, entirely = false } = invoice.corrects ?? {};
  const original = family.find((each) => each.number === number);
  if (original === undefined || original.hash !== hash || original.invoice.kind !== "invoice")
    throw new LedgerConflict(`there is no invoice ${number} with the hash that the correction names`);
  const corrections = family.filter((each) => each.invoice.corrects?.number === number);
  const taking = corrections.find((each) => each.invoice.corrects?.entirely === true);
  if (taking !== undefined && entirely) return taking;
  if (taking !== undefined) throw new LedgerConflict(`invoice ${number} was taken back whole by ${taking.number}`);
  const same = corrections.find((each) => each.pins.watermark === pins.watermark);
  if (same !== undefined && !entirely) return same;
  if ((corrections.at(-1) ?? original).hash === after) return undefined;
  throw new LedgerConflict(`invoice ${number} was corrected meanwhile; work the difference out again`);
}

export const alreadyPublished = ({ name, version }: PriceBook): LedgerConflict =>
  new LedgerConflict(
    `price book ${name} ${version} is published already, with other content or from another date; give the change a version of its own`,
  );

export const alreadyGranted = (name: string): LedgerConflict =>
  new LedgerConflict(`${name} holds a token already; revoke that one first`);

/** A project's own account and one that somebody recorded under its name are two. */
export const nilKey = ({ account, accountDigest, period }: NilPeriod): string =>
  JSON.stringify([accountDigest === undefined, account, period.start, period.end]);
