import { type Instant, type IssuedInvoice, iso, isSamePerson } from "@raingauge/domain";
import { type Draft, LedgerConflict } from "../ledger.ts";
import type { Proposal } from "./records.ts";

/** Whether a draft may be issued by the approval that it pins; one that pins none needs none here. Throws LedgerConflict. */
export function mustBeApproved(
  { invoice, pins: { approval } }: Draft,
  proposal: Proposal | undefined,
  written: readonly Pick<IssuedInvoice, "number" | "pins">[],
  now: Instant,
): void {
  if (approval === undefined) return;
  if (proposal === undefined || proposal.corrects !== invoice.corrects?.number)
    throw new LedgerConflict(`there is no proposal ${approval.proposal} that corrects ${invoice.corrects?.number}`);
  mustBeOpen(proposal, written);
  if (proposal.expiresAt <= now)
    throw new LedgerConflict(`proposal ${proposal.sequence} expired at ${iso(proposal.expiresAt)}`);
  if (isSamePerson(proposal.by, approval.approvedBy))
    throw new LedgerConflict(`${proposal.by.name} proposed it and so cannot approve it`);
}

/** Neither rejected nor written. */
export function mustBeOpen(
  { sequence, rejected }: Proposal,
  written: readonly Pick<IssuedInvoice, "number" | "pins">[],
): void {
  if (rejected !== undefined)
    throw new LedgerConflict(`proposal ${sequence} was rejected by ${rejected.by.name} at ${iso(rejected.at)}`);
  const document = written.find(({ pins }) => pins.approval?.proposal === sequence);
  if (document !== undefined)
    throw new LedgerConflict(`proposal ${sequence} was approved already, and written as ${document.number}`);
}

export const noProposal = (sequence: bigint): LedgerConflict => new LedgerConflict(`there is no proposal ${sequence}`);
