import { at, EVERYTHING, type Instant } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { correctionOf, draftOf, month } from "../fixtures/draft.ts";
import type { Ledger } from "../ledger.ts";
import { LedgerConflict } from "../ledger.ts";

const ANNA = { name: "anna", id: "u-1" };
const BERT = { name: "bert" };
const NOW = at(1_000_000);
const LATER = at(2_000_000);

/** The promises of `Proposals`, by their numbers. */
export function describeProposals(opened: (clock?: () => Instant) => Promise<{ readonly ledger: Ledger }>): void {
  const proposed = async () => {
    let now = NOW;
    const { ledger } = await opened(() => now);
    const original = await ledger.issue(draftOf("acme", month(0), 137_000n));
    const draft = correctionOf(original);
    const proposal = await ledger.propose({
      corrects: original.number,
      document: `{"note":1}`,
      by: ANNA,
      expiresAt: LATER,
    });
    const approved = (approvedBy: { name: string; id?: string }, of = proposal.sequence) => ({
      ...draft,
      pins: { ...draft.pins, approval: { proposal: of, proposedBy: ANNA, approvedBy } },
    });
    const tick = (to: Instant): void => {
      now = to;
    };
    return { ledger, original, draft, proposal, approved, tick };
  };

  describe("15. proposals", () => {
    it("1. are kept as they were made, and rejected once", async () => {
      const { ledger, original, proposal } = await proposed();

      const rejected = await ledger.rejectProposal(proposal.sequence, { by: BERT, note: "not ours" });

      expect(proposal).toMatchObject({ corrects: original.number, document: `{"note":1}`, by: ANNA, proposedAt: NOW });
      expect(rejected).toEqual({ ...proposal, rejected: { by: BERT, at: NOW, note: "not ours" } });
      expect(await ledger.proposal(proposal.sequence)).toEqual(rejected);
      expect(await ledger.proposals({ corrects: original.number })).toEqual([rejected]);
      expect(await ledger.proposals({ corrects: "another" })).toEqual([]);
      await expect(ledger.rejectProposal(proposal.sequence, { by: BERT, note: "" })).rejects.toThrow(LedgerConflict);
      await expect(ledger.rejectProposal(77n, { by: BERT, note: "" })).rejects.toThrow(LedgerConflict);
    });

    it("2. are written by another person's approval, once", async () => {
      const { ledger, approved, proposal } = await proposed();

      const document = await ledger.issue(approved(BERT));

      expect(document.pins.approval).toEqual({ proposal: proposal.sequence, proposedBy: ANNA, approvedBy: BERT });
      await expect(ledger.issue(approved(BERT))).rejects.toThrow(/written as/);
      await expect(ledger.rejectProposal(proposal.sequence, { by: BERT, note: "" })).rejects.toThrow(/written as/);
      expect(await ledger.invoices({}, EVERYTHING)).toHaveLength(2);
    });

    it.each([
      { name: "by the one who proposed it", by: ANNA, says: /cannot approve it/ },
      { name: "by the same name without an id", by: { name: "anna" }, says: /cannot approve it/ },
      { name: "by the same id under another name", by: { name: "annie", id: "u-1" }, says: /cannot approve it/ },
      { name: "after it expired", by: BERT, at: LATER, says: /expired/ },
      { name: "after it was rejected", by: BERT, rejected: true, says: /rejected/ },
      { name: "where there is none", by: BERT, of: 77n, says: /no proposal/ },
    ])("2. are not written $name, and no number is drawn", async ({ by, says, at: moment = NOW, rejected, of }) => {
      const { ledger, approved, proposal, tick } = await proposed();
      if (rejected) await ledger.rejectProposal(proposal.sequence, { by: BERT, note: "" });
      tick(moment);

      await expect(ledger.issue(approved(by, of))).rejects.toThrow(says);

      expect(await ledger.invoices({}, EVERYTHING)).toHaveLength(1);
    });
  });
}
