import type { AvailableCredit } from "./credit.ts";
import type { Day } from "./day.ts";
import type { Instant } from "./instant.ts";
import type { Invoice } from "./invoice.ts";

/** Everything that an invoice was computed from, so that it can be computed again, to the byte. */
export interface Pins {
  readonly watermark: Instant;
  /** Of the price books, in the order of the invoice's `books`. */
  readonly bookDigests: readonly string[];
  /** Of the account's version; absent where a project is billed on an account of its own. */
  readonly accountDigest?: string;
  readonly engine: string;
  /** How many milliseconds "a month" meant. */
  readonly monthMs: bigint;
  /** What would have held it and was waived; absent where nothing was. */
  readonly waived?: readonly Waiver[];
  /** When the days began by which fees were worked out; absent where there were none. */
  readonly days?: Readonly<Record<Day, Instant>>;
  /** The credit that could be drawn, and how much of it; absent where there was none. */
  readonly credits?: readonly AvailableCredit[];
  /** Who proposed it and who agreed; absent where nobody had to. */
  readonly approval?: Approval;
}

/** That a document was written because one person proposed it and another approved. */
export interface Approval {
  /** Which proposal, by the number that the ledger gave it. */
  readonly proposal: bigint;
  readonly proposedBy: Person;
  readonly approvedBy: Person;
}

/** Somebody, as far as one must be told from another. */
export interface Person {
  readonly name: string;
  /** Keystone's id of them, where it was Keystone that knew them. */
  readonly id?: string;
}

/** Whom either name or id makes the same counts as the same: four eyes are two people beyond doubt. */
export const isSamePerson = (a: Person, b: Person): boolean =>
  a.name === b.name || (a.id !== undefined && a.id === b.id);

/** A check that would have held the document, and who let it pass. */
export interface Waiver {
  readonly check: Check;
  readonly says: string;
  readonly by: string;
  readonly reason: string;
}

/** The checks that somebody may waive. What nobody could answer for, as a claim of two accounts, is not among them. */
export const CHECKS = ["unpriced", "seen", "silent", "unreconciled"] as const;
export type Check = (typeof CHECKS)[number];

/** An invoice that became a document: numbered, chained to the one before it, and never changed again. */
export interface IssuedInvoice {
  readonly number: string;
  readonly series: string;
  /** Without gaps within its series, from 1. */
  readonly sequence: bigint;
  readonly issuedAt: Instant;
  /** The day of issue and the day by which it is to be paid, in the account's zone: `2026-04-01`. */
  readonly issueDate: string;
  readonly dueDate: string;
  readonly invoice: Invoice;
  readonly pins: Pins;
  /** Of the frozen usages, line by line; index 0 is position 1. */
  readonly usageDigests: readonly string[];
  /** Of the frozen usages that were deliberately not charged. */
  readonly freeDigest: string;
  /** The hash of the document before it in the series; empty for the first. */
  readonly previousHash: string;
  /** Over the document's canonical bytes, the previous hash among them. */
  readonly hash: string;
}

/** A document without its lines: a hundred thousand of these are read where a few thousand whole ones would be. */
export interface IssuedHead extends Omit<IssuedInvoice, "invoice"> {
  readonly invoice: Omit<Invoice, "lines">;
}
