import {
  at,
  EVERYTHING,
  HOUR_MS,
  type Instant,
  type Invoice,
  type IssuedInvoice,
  NO_EVIDENCE,
  type Person,
  versionAt,
} from "@raingauge/domain";
import type { Draft, Ledger, Proposal } from "@raingauge/ledger";
import { decodeInvoice, encodeInvoice } from "@raingauge/wire";
import { type AdjustmentSources, adjustments, type VoidSources, voidingOf } from "./adjustment.ts";

export interface ProposalSources extends AdjustmentSources {
  readonly ledger: AdjustmentSources["ledger"] &
    VoidSources["ledger"] &
    Pick<Ledger, "propose" | "proposals" | "proposal" | "rejectProposal" | "accounts">;
}

/** What was not looked at by then was forgotten, and is worked out anew. */
export const PROPOSAL_DAYS = 14;

/** Puts a correction, or the taking back of an invoice, before somebody else. */
export const proposeDraft = (
  ledger: Pick<Ledger, "propose">,
  { invoice }: Pick<Draft, "invoice">,
  by: Person,
  now: Instant,
): Promise<Proposal> =>
  ledger.propose({
    corrects: invoice.corrects?.number ?? "",
    document: encodeInvoice(invoice),
    by,
    expiresAt: at(now + PROPOSAL_DAYS * 24 * HOUR_MS),
  });

export const proposedInvoice = ({ document }: Proposal): Invoice => decodeInvoice(document);

export type ProposalState = "pending" | "approved" | "rejected" | "expired";

/** `notes`: the documents that correct the same invoice. Approved is what was written. */
export function stateOf(
  { sequence, rejected, expiresAt }: Proposal,
  notes: readonly Pick<IssuedInvoice, "pins">[],
  now: Instant,
): ProposalState {
  if (notes.some(({ pins }) => pins.approval?.proposal === sequence)) return "approved";
  if (rejected !== undefined) return "rejected";
  return expiresAt <= now ? "expired" : "pending";
}

/**
 * Works a proposal out once more, as of now, and writes it where it is still what was proposed. Undefined where it is not:
 * then somebody has to look at the difference anew. Throws LedgerConflict where it may not be written at all.
 */
export async function approve(
  sources: ProposalSources,
  proposal: Proposal,
  approvedBy: Person,
  terms: { readonly zone: string; readonly book: string },
): Promise<IssuedInvoice | undefined> {
  const draft = await again(sources, proposal, terms);
  if (draft === undefined || substance(draft.invoice) !== substance(proposedInvoice(proposal))) return undefined;
  const approval = { proposal: proposal.sequence, proposedBy: proposal.by, approvedBy };
  return sources.ledger.issue({ ...draft, pins: { ...draft.pins, approval } });
}

async function again(
  sources: ProposalSources,
  proposal: Proposal,
  terms: { readonly zone: string; readonly book: string },
): Promise<Draft | undefined> {
  const { corrects, period } = proposedInvoice(proposal);
  if (corrects?.entirely === true) return (await voidingOf(sources, proposal.corrects, corrects.reason))?.draft;
  const [found] = await adjustments(sources, { ...terms, period }, { exactly: true, only: proposal.corrects });
  return found?.draft;
}

/** All that somebody agrees to. How completely it was watched may have become known better since, and changes no amount. */
function substance({ completeness: _, lines, ...invoice }: Invoice): string {
  return encodeInvoice({ ...invoice, lines: lines.map((line) => ({ ...line, evidence: NO_EVIDENCE })) });
}

/** Whether an invoice's corrections need a second person, by its own account's version or by the one in force by now. */
export async function needsApproval(
  ledger: Pick<Ledger, "accounts" | "accountByDigest">,
  { invoice, pins: { accountDigest } }: IssuedInvoice,
): Promise<boolean> {
  if (accountDigest === undefined) return false;
  const mine = (await ledger.accounts(EVERYTHING)).filter(({ account }) => account.id === invoice.account.id);
  const versions = [await ledger.accountByDigest(accountDigest), versionAt(mine, at(invoice.period.end - 1)), mine[0]];
  return versions.some((version) => version?.account.corrections.approval === true);
}
