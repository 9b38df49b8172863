import type { Instant, Invoice, Period, PriceBook, Scope, Usage } from "@raingauge/domain";

/** A price book as it was published: immutable from then on. */
export interface PublishedBook {
  readonly book: PriceBook;
  /** From when it prices usage; the next published book of the name ends it. */
  readonly validFrom: Instant;
  readonly publishedAt: Instant;
  readonly digest: string;
}

/** Everything that an invoice was computed from, so that it can be computed again, to the byte. */
export interface Pins {
  readonly watermark: Instant;
  readonly bookDigest: string;
  readonly engine: string;
  /** How many milliseconds "a month" meant. */
  readonly monthMs: bigint;
}

/** A draft with the usages behind each of its lines, by position from 1. */
export interface Draft {
  readonly invoice: Invoice;
  readonly usages: ReadonlyMap<number, readonly Usage[]>;
  /** Used, but deliberately not charged; kept as evidence. */
  readonly free: readonly Usage[];
  readonly pins: Pins;
}

export interface IssuedInvoice {
  readonly number: string;
  readonly series: string;
  /** Without gaps within its series, from 1. */
  readonly sequence: bigint;
  readonly issuedAt: Instant;
  readonly invoice: Invoice;
  readonly pins: Pins;
  /** Of the frozen usages, line by line; index 0 is position 1. */
  readonly usageDigests: readonly string[];
  /** The document before it in the series; empty for the first. */
  readonly previousHash: string;
  /** Over the previous hash and the document's canonical bytes. */
  readonly hash: string;
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
 * 1. A published book never changes; the same version with other content is refused (`LedgerConflict`).
 * 2. Invoice numbers have no gap and no repetition in their series, whoever issues at the same time, whoever dies meanwhile.
 * 3. Issuing a project's period again returns the invoice that is there; it draws no number.
 * 4. An issued invoice, its pins and its frozen usages can be neither changed nor deleted, not by SQL through this ledger's
 *    own role either.
 * 5. Each invoice's hash covers the one before it.
 * 6. Nothing of a project outside the scope appears, not in a count either.
 * 7. Tokens rest hashed; a token is shown once.
 * 8. A lease has one holder at a time.
 */
export interface Ledger extends AsyncDisposable {
  publish(book: PriceBook, validFrom: Instant): Promise<PublishedBook>;
  /** Newest first. */
  books(): Promise<readonly PublishedBook[]>;
  /** The book of that name in force at an instant. */
  bookAt(name: string, moment: Instant): Promise<PublishedBook | undefined>;
  bookByDigest(digest: string): Promise<PublishedBook | undefined>;

  issue(draft: Draft): Promise<IssuedInvoice>;
  invoices(query: { readonly period?: Period; readonly project?: string }, scope: Scope): Promise<readonly IssuedInvoice[]>;
  invoice(number: string, scope: Scope): Promise<IssuedInvoice | undefined>;
  /** The usages behind a line as they were frozen at issue. */
  usages(number: string, position: number, scope: Scope): Promise<readonly Usage[]>;

  /** Makes a token and returns its only plain copy. */
  grant(caller: Caller): Promise<string>;
  caller(token: string): Promise<Caller | undefined>;
  revoke(name: string): Promise<boolean>;

  /** True while this holder has the named lease; taking it again prolongs it. */
  lease(name: string, holder: string, seconds: number): Promise<boolean>;
}

/** What was asked contradicts what is written. */
export class LedgerConflict extends Error {
  override readonly name = "LedgerConflict";
}

/** The ledger cannot be reached now; the same call may succeed later. */
export class LedgerUnavailable extends Error {
  override readonly name = "LedgerUnavailable";
}
