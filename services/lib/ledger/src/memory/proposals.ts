import type { IssuedInvoice } from "@raingauge/domain";
import type { LedgerOptions } from "../options.ts";
import { mustBeOpen, noProposal } from "../proposals/approving.ts";
import type { Proposal, Proposals } from "../proposals/records.ts";

/** `written`: every document that corrects an invoice. */
export function proposals(
  { clock }: Pick<LedgerOptions, "clock">,
  written: (corrects: string) => readonly IssuedInvoice[],
): Proposals {
  const kept: Proposal[] = [];
  const find = (sequence: bigint): Proposal | undefined => kept.find((each) => each.sequence === sequence);
  return {
    async propose(proposal) {
      const made = { ...proposal, sequence: BigInt(kept.length + 1), proposedAt: clock() };
      kept.push(made);
      return made;
    },
    proposals: async ({ corrects }) => kept.filter((each) => corrects === undefined || each.corrects === corrects),
    proposal: async (sequence) => find(sequence),
    async rejectProposal(sequence, { by, note }) {
      const proposal = find(sequence);
      if (proposal === undefined) throw noProposal(sequence);
      mustBeOpen(proposal, written(proposal.corrects));
      const rejected = { ...proposal, rejected: { by, note, at: clock() } };
      kept[kept.indexOf(proposal)] = rejected;
      return rejected;
    },
  };
}
