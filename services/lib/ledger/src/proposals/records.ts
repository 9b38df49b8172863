import type { Instant, Person } from "@raingauge/domain";

/** A credit or debit note that one person wants written, and that waits for another to agree. */
export interface NewProposal {
  /** The number of the invoice that it corrects. */
  readonly corrects: string;
  /** The note as it would be written, as the canonical text of an invoice. */
  readonly document: string;
  readonly by: Person;
  /** Nobody can agree to it from then on. */
  readonly expiresAt: Instant;
}

export interface Proposal extends NewProposal {
  readonly sequence: bigint;
  readonly proposedAt: Instant;
  readonly rejected?: Rejection;
}

export interface Rejection {
  readonly by: Person;
  readonly at: Instant;
  readonly note: string;
}

/**
 * What one person proposed and another may approve. Promises, held by the suite:
 * 1. A proposal never changes. A rejection is added to it, once, and to none that was written already.
 * 2. A draft that pins an approval is issued only where the proposal is of the invoice that it corrects, was made by another
 *    person, and was neither rejected, nor expired, nor written already; otherwise `LedgerConflict`, and no number is drawn.
 */
export interface Proposals {
  propose(proposal: NewProposal): Promise<Proposal>;
  /** Oldest first. */
  proposals(query: { readonly corrects?: string }): Promise<readonly Proposal[]>;
  proposal(sequence: bigint): Promise<Proposal | undefined>;
  /** Throws LedgerConflict where it was rejected or written already, or never made. */
  rejectProposal(sequence: bigint, rejection: { readonly by: Person; readonly note: string }): Promise<Proposal>;
}
