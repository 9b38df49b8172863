import type { Credit, Instant, Scope } from "@raingauge/domain";

/** A credit as it was granted, and what is left of it. */
export interface GrantedCredit {
  readonly credit: Credit;
  readonly grantedAt: Instant;
  readonly grantedBy: string;
  /** In minor units. */
  readonly left: bigint;
}

/** Something that changed what is left of a credit. */
export interface CreditEntry {
  readonly kind: "granted" | "drawn" | "returned" | "withdrawn";
  /** What is left changes by so much, in minor units. */
  readonly amount: bigint;
  readonly left: bigint;
  readonly at: Instant;
  /** The document that drew it, or gave it back. */
  readonly number?: string;
  /** Who said so, and why; of a document neither. */
  readonly by?: string;
  readonly note?: string;
}

export interface Withdrawal {
  readonly credit: string;
  /** In minor units, more than nothing. */
  readonly amount: bigint;
  readonly by: string;
  readonly note: string;
}

/**
 * The credit of accounts. Promises, each held by the suite:
 * 1. A credit is granted once under its id: the same again changes nothing, another is refused (`LedgerConflict`).
 * 2. What a document draws is taken, and what it gives back returned, in the transaction that issues it. Nothing draws more
 *    than is left, nor another account's credit: such a document is refused (`LedgerConflict`) and uses up no number.
 * 3. The entries of a credit add up to what is left of it, and are only ever added. With `over`, the digest of credit and entries that
 *    the writer has read, nothing is withdrawn where there are others by now (`Superseded`).
 * 4. A credit shows only to a scope that sees every version of its account.
 */
export interface Credits {
  grantCredit(credit: Credit, by: string): Promise<GrantedCredit>;
  /** In the order of their granting. */
  credits(query: { readonly account?: string }, scope: Scope): Promise<readonly GrantedCredit[]>;
  /** Oldest first; empty for a credit outside the scope. */
  creditEntries(credit: string, scope: Scope): Promise<readonly CreditEntry[]>;
  /** Takes back what was granted by mistake, or paid back otherwise. */
  withdrawCredit(withdrawal: Withdrawal, over?: string): Promise<GrantedCredit>;
}
