import type {
  Account,
  Instant,
  Invoice,
  InvoiceEvent,
  IssuedHead,
  IssuedInvoice,
  Period,
  Pins,
  Placement,
  PriceBook,
  Scope,
  Usage,
} from "@raingauge/domain";
import type { Budgets } from "./budgets/records.ts";
import type { LedgerConflict } from "./conflict.ts";
import type { Credits } from "./credits/records.ts";
import type { PreparedDraft } from "./issuing.ts";
import type { Proposals } from "./proposals/records.ts";
import type { RatingRecords } from "./rating-records/records.ts";
import type { RequestRecords } from "./requests/records.ts";
import type { Retirements } from "./retirements/records.ts";

export type { IssuedInvoice, Pins } from "@raingauge/domain";
export type { Budgets, NewNotice, Notice, Settled } from "./budgets/records.ts";
export { LedgerConflict, Superseded } from "./conflict.ts";
export type { CreditEntry, Credits, GrantedCredit, Withdrawal } from "./credits/records.ts";
export { type PreparedDraft, prepare } from "./issuing.ts";
export { numberOf } from "./number.ts";
export type { NewProposal, Proposal, Proposals, Rejection } from "./proposals/records.ts";
export type {
  NewRatingRecord,
  PointQuery,
  PointSum,
  RatedPoint,
  RatingRecord,
  RatingRecords,
} from "./rating-records/records.ts";
export type { AuditEntry, KeptAnswer, KeptAuditEntry, NamedWrite, RequestRecords } from "./requests/records.ts";
export type { KeptRetirement, Retirements } from "./retirements/records.ts";
export { isLocalToken } from "./token.ts";

/** A price book as it was published: immutable from then on. */
export interface PublishedBook {
  readonly book: PriceBook;
  /** From when it prices usage; the next published book of the name ends it. */
  readonly validFrom: Instant;
  readonly publishedAt: Instant;
  readonly digest: string;
}

/** An account as it was recorded: one version of it, in force until the next one's date. */
export interface AccountVersion {
  readonly account: Account;
  readonly validFrom: Instant;
  readonly recordedAt: Instant;
  readonly digest: string;
}

/** A draft with the usages behind each of its lines, by position from 1. */
export interface Draft {
  readonly invoice: Invoice;
  readonly usages: ReadonlyMap<number, readonly Usage[]>;
  /** Used, but deliberately not charged; kept as evidence, at position 0. */
  readonly free: readonly Usage[];
  readonly pins: Pins;
  /** Where its number is drawn from, if not from the installation's own series; `{year}` stands for the year of issue. */
  readonly series?: string;
}

export type Role = "admin" | "finance" | "reader";

/** Who holds a token. A reader sees its projects; finance and admin see all money. */
export interface Caller {
  readonly name: string;
  readonly role: Role;
  readonly projects: readonly string[];
}

/**
 * Accounts, price books and invoices at rest. Append-only where money is concerned. Promises, each held by the suite:
 * 1. A published book never changes; the same version with other content or another validity is refused (`LedgerConflict`).
 * 2. Invoice numbers have no gap and no repetition in their series, whoever issues at the same time, whoever dies meanwhile.
 * 3. Issuing an account's period again returns the invoice that is there and draws no number; what would bill a project's
 *    time twice is refused (`LedgerConflict`), unless the invoice that billed it was taken back whole. A correction follows
 *    the newest document about the same invoice, once for each watermark, or is refused.
 * 4. An issued invoice, its pins and its frozen usages can be neither changed nor deleted, not by SQL through this ledger's
 *    own role either.
 * 5. Each invoice's hash covers the one before it.
 * 6. Nothing of a project outside the scope appears, not in a count either: an invoice and an account of several projects
 *    are seen by those only who may see all of them.
 * 7. Tokens rest hashed; a token is shown once. A name holds one token until it is revoked.
 * 8. A lease has one holder at a time.
 * 9. What CloudKitty's API keeps follows the promises of `RatingRecords`.
 * 10. A version of an account, and where a project was placed, never change: what is recorded later comes on top.
 * 11. and 12. What is kept of requests follows the promises of `RequestRecords`.
 * 13. What happened to a document after issue, and that there was nothing to charge, are only ever added.
 * 14. Budgets, and what was told of them, follow the promises of `Budgets`.
 * 15. What one person proposed and another may approve follows the promises of `Proposals`.
 * 16. Credit, and what is left of it, follow the promises of `Credits`.
 * 17. Which agents were retired follows the promise of `Retirements`.
 */
export interface Ledger
  extends RatingRecords,
    RequestRecords,
    Budgets,
    Proposals,
    Credits,
    Retirements,
    AsyncDisposable {
  publish(book: PriceBook, validFrom: Instant): Promise<PublishedBook>;
  /** Newest first. */
  books(): Promise<readonly PublishedBook[]>;
  /** The book of that name in force at an instant, as known now, or as it was known at another: before that it was not published. */
  bookAt(name: string, moment: Instant, knownAt?: Instant): Promise<PublishedBook | undefined>;
  bookByDigest(digest: string): Promise<PublishedBook | undefined>;

  /**
   * Recording what is in force at that instant already changes nothing. With `over`, the digest of the newest version that the
   * writer has read, it is refused where another is the newest by now (`Superseded`), however close they are.
   */
  recordAccount(account: Account, validFrom: Instant, over?: string): Promise<AccountVersion>;
  /** Every version of every account, newest word first. */
  accounts(scope: Scope): Promise<readonly AccountVersion[]>;
  accountByDigest(digest: string): Promise<AccountVersion | undefined>;
  /** Says to which domain a project belongs from an instant on; with `over`, the digest of what was said of it before, not over anything else. */
  place(placement: Placement, over?: string): Promise<void>;
  /** Oldest word first. */
  placements(): Promise<readonly Placement[]>;

  issue(draft: Draft): Promise<IssuedInvoice>;
  /**
   * Many at once, in one transaction and in their order: what `issue` would do with each, one after the other. A draft that is
   * refused keeps none of the others back; in its place stands why.
   */
  issueAll(prepared: readonly PreparedDraft[]): Promise<readonly (IssuedInvoice | LedgerConflict)[]>;
  /** In the order of their issue unless another is asked for; with a period, those whose own period lies within it. With a limit no more than that is read. */
  invoices(query: InvoiceQuery, scope: Scope): Promise<readonly IssuedInvoice[]>;
  invoice(number: string, scope: Scope): Promise<IssuedInvoice | undefined>;
  /** The same without their lines, in the order of their issue. */
  heads(query: HeadQuery, scope: Scope): Promise<readonly IssuedHead[]>;
  /** Of the same documents only what they bill: ten thousand of them are read in a second, and held in a few megabytes. */
  bills(period: Period, scope: Scope): Promise<readonly IssuedBill[]>;
  /**
   * The usages behind a line as they were frozen at issue, in canonical order; at position 0 those that were free. Without a
   * position those behind all of its lines, line by line.
   */
  usages(number: string, position: number | undefined, scope: Scope): Promise<readonly Usage[]>;

  /** Adds what happened to a document after its issue. */
  recordEvent(event: InvoiceEvent): Promise<void>;
  /** Of one document or, without a number, of all, oldest first; none of a document outside the scope. */
  events(number: string | undefined, scope: Scope): Promise<readonly InvoiceEvent[]>;
  /** Says that a closed period came to nothing for an account; saying it again changes nothing. */
  recordNil(nil: NilPeriod): Promise<void>;
  /** Those whose period lies within this one. */
  nils(period: Period): Promise<readonly NilPeriod[]>;

  /** Makes a token and returns its only plain copy. */
  grant(caller: Caller): Promise<string>;
  caller(token: string): Promise<Caller | undefined>;
  revoke(name: string): Promise<boolean>;

  /** True while this holder has the named lease; taking it again prolongs it, taking it for 0 seconds gives it up. */
  lease(name: string, holder: string, seconds: number): Promise<boolean>;
}

/** A period in which there was nothing to charge: no document, and no reason to measure it again each hour. */
export interface NilPeriod {
  readonly account: string;
  /** Absent for a project's own account. */
  readonly accountDigest?: string;
  readonly period: Period;
}

/** What a document bills, or which one it changes. */
export interface IssuedBill {
  readonly number: string;
  readonly account: string;
  /** Absent for a project's own account. */
  readonly accountDigest?: string;
  readonly period: Period;
  /** Set on a credit or debit note. */
  readonly corrects?: { readonly number: string; readonly entirely: boolean };
}

export interface InvoiceQuery {
  readonly period?: Period;
  /** Those that bill it. */
  readonly project?: string;
  readonly account?: string;
  /** The credit and debit notes of this invoice. */
  readonly corrects?: string;
  /** At most so many, and of those only what was issued after the document of this number: a long list is read part by part. */
  readonly limit?: number;
  readonly after?: string;
  /** By account, or by what they come to in minor units, whatever the currency; those that are alike in the order of their issue. */
  readonly by?: "issue" | "account" | "total";
  /** The other way round, and `after` then goes back from that document. */
  readonly newestFirst?: boolean;
}

export interface HeadQuery {
  readonly period?: Period;
  /** Those that were issued by then. */
  readonly until?: Instant;
}

/** The ledger cannot be reached now; the same call may succeed later. */
export class LedgerUnavailable extends Error {
  override readonly name = "LedgerUnavailable";
}
