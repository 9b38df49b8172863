import {
  at,
  type Credit,
  EVERYTHING,
  type Instant,
  type Invoice,
  ownAccount,
  projects,
  rational,
} from "@raingauge/domain";
import { creditDigest } from "@raingauge/wire";
import { describe, expect, it } from "vitest";
import { LedgerConflict, Superseded } from "../conflict.ts";
import { draftOf, month } from "../fixtures/draft.ts";
import type { Draft, Ledger } from "../ledger.ts";

const credit = (id: string, told: Partial<Credit> = {}): Credit => ({
  id,
  account: "acme",
  kind: "prepaid",
  currency: "EUR",
  amount: 1_000n,
  priority: 0,
  note: "Deposit",
  ...told,
});

/** Pays so much of the project's month from a credit. */
function drawing(id: string, amount: bigint, index = 0, project = "acme"): Draft {
  const draft = draftOf(project, month(index));
  return { ...draft, invoice: { ...draft.invoice, prepaid: [{ credit: id, amount }] } };
}

/** Takes so much off by a line before the tax. */
function promoted(id: string, amount: bigint): Draft {
  const draft = drawing(id, 0n);
  const { prepaid: _, ...invoice } = draft.invoice;
  const lines = [...invoice.lines, promotion(invoice, id, amount)];
  return { ...draft, invoice: { ...invoice, lines, net: invoice.net - amount, total: invoice.total - amount } };
}

const promotion = ({ lines }: Invoice, id: string, amount: bigint): Invoice["lines"][number] => ({
  position: lines.length + 1,
  kind: "credit",
  sku: id,
  description: "Credit",
  meter: "",
  resources: 0,
  quantity: 0n,
  units: rational(1n),
  unit: "EUR",
  tiers: [],
  cost: rational(-amount, 100n),
  amount: -amount,
  evidence: { readings: 0, observedMs: 0, inferredMs: 0, afterEnd: 0, counterDropped: 0 },
});

/** The promises of `Credits`, by their numbers. */
export function describeCredits(opened: (clock?: () => Instant) => Promise<{ readonly ledger: Ledger }>): void {
  describe("16. credit", () => {
    const left = async (ledger: Ledger): Promise<Record<string, bigint>> =>
      Object.fromEntries((await ledger.credits({}, EVERYTHING)).map((each) => [each.credit.id, each.left]));

    it("1. is granted once under its id, and never changed", async () => {
      const { ledger } = await opened(() => at(5_000));
      const terms = credit("a", {
        since: at(0),
        until: at(9_000),
        skus: ["compute.*"],
        projects: ["acme"],
        priority: 3,
      });
      const first = await ledger.grantCredit(terms, "ann");
      const again = await ledger.grantCredit(terms, "bob");

      expect(first).toEqual({ credit: terms, grantedAt: 5_000, grantedBy: "ann", left: 1_000n });
      expect(again).toEqual(first);
      await expect(ledger.grantCredit({ ...terms, amount: 1_001n }, "ann")).rejects.toThrow(LedgerConflict);
      expect(await left(ledger)).toEqual({ a: 1_000n });
    });

    it("2. is drawn with the document, once however often that is issued", async () => {
      const { ledger } = await opened(() => at(5_000));
      await ledger.grantCredit(credit("a"), "ann");
      await ledger.grantCredit(credit("b", { kind: "promotional" }), "ann");

      const issued = await ledger.issue(drawing("a", 300n));
      await ledger.issue(drawing("a", 300n));

      expect(await left(ledger)).toEqual({ a: 700n, b: 1_000n });
      expect(await ledger.creditEntries("a", EVERYTHING)).toEqual([
        { kind: "granted", amount: 1_000n, left: 1_000n, at: 5_000, by: "ann", note: "Deposit" },
        { kind: "drawn", amount: -300n, left: 700n, at: 5_000, number: issued.number },
      ]);
    });

    it("2. is drawn by a line before the tax as well", async () => {
      const { ledger } = await opened();
      await ledger.grantCredit(credit("b", { kind: "promotional" }), "ann");

      await ledger.issue(promoted("b", 1n));

      expect(await left(ledger)).toEqual({ b: 999n });
    });

    it("2. is given back by what takes a document back", async () => {
      const { ledger } = await opened();
      await ledger.grantCredit(credit("a"), "ann");
      const original = await ledger.issue(drawing("a", 300n));
      const { number, hash } = original;
      const corrects = { number, hash, after: hash, reason: "wrong", entirely: true };

      const note = await ledger.issue({
        ...drawing("a", -300n),
        invoice: { ...original.invoice, kind: "credit-note", prepaid: [{ credit: "a", amount: -300n }], corrects },
        usages: new Map(),
      });

      expect(await left(ledger)).toEqual({ a: 1_000n });
      expect((await ledger.creditEntries("a", EVERYTHING)).at(-1)).toMatchObject({
        kind: "returned",
        number: note.number,
      });
    });

    it.each([
      ["more than is left", drawing("a", 1_001n)],
      ["another account's", drawing("a", 1n, 0, "globex")],
      ["what nobody granted", drawing("z", 1n)],
    ])("2. refuses a document that draws %s, and draws no number", async (_name, draft) => {
      const { ledger } = await opened();
      await ledger.grantCredit(credit("a"), "ann");

      await expect(ledger.issue(draft)).rejects.toThrow(LedgerConflict);

      expect((await ledger.issue(draftOf("initech", month(0)))).sequence).toBe(1n);
      expect(await left(ledger)).toEqual({ a: 1_000n });
    });

    it("2. is never overdrawn by those who issue at once", async () => {
      const { ledger } = await opened();
      await ledger.grantCredit(credit("a"), "ann");

      const tried = await Promise.allSettled([0, 1, 2, 3, 4].map((index) => ledger.issue(drawing("a", 300n, index))));

      expect(tried.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
      expect(await left(ledger)).toEqual({ a: 100n });
    });

    it("3. is withdrawn once by those who have read the same, where they say what that was", async () => {
      const { ledger } = await opened();
      await ledger.grantCredit(credit("a"), "alice");
      const read = creditDigest(credit("a"), await ledger.creditEntries("a", EVERYTHING));
      const withdraw = () => ledger.withdrawCredit({ credit: "a", amount: 400n, by: "bob", note: "" }, read);

      const done = await Promise.allSettled([withdraw(), withdraw()]);

      expect(done.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
      await expect(withdraw()).rejects.toThrow(Superseded);
      expect(await left(ledger)).toEqual({ a: 600n });
    });

    it("3. is withdrawn as far as it is left, and remembers by whom", async () => {
      const { ledger } = await opened(() => at(5_000));
      await ledger.grantCredit(credit("a"), "ann");

      const withdrawn = await ledger.withdrawCredit({ credit: "a", amount: 400n, by: "bob", note: "paid back" });

      expect(withdrawn.left).toBe(600n);
      await expect(ledger.withdrawCredit({ credit: "a", amount: 601n, by: "bob", note: "" })).rejects.toThrow(
        LedgerConflict,
      );
      await expect(ledger.withdrawCredit({ credit: "z", amount: 1n, by: "bob", note: "" })).rejects.toThrow(
        LedgerConflict,
      );
      const entries = await ledger.creditEntries("a", EVERYTHING);
      expect(entries.at(-1)).toEqual({
        kind: "withdrawn",
        amount: -400n,
        left: 600n,
        at: 5_000,
        by: "bob",
        note: "paid back",
      });
      expect(entries.reduce((sum, { amount }) => sum + amount, 0n)).toBe(600n);
    });

    it("4. shows only to whom every version of its account is open", async () => {
      const { ledger } = await opened();
      const account = ownAccount("oaks", { zone: "UTC", currency: "EUR", book: "standard" });
      const of = (...ids: string[]) => ({ ...account, members: ids.map((id) => ({ kind: "project" as const, id })) });
      await ledger.recordAccount(of("acme"), at(0));
      await ledger.grantCredit(credit("a", { account: "oaks" }), "ann");
      await ledger.grantCredit(credit("b", { account: "elms" }), "ann");
      const seen = async (...ids: string[]) => [
        (await ledger.credits({}, projects(...ids))).map((each) => each.credit.id),
        (await ledger.creditEntries("a", projects(...ids))).length,
      ];

      expect([await seen("acme"), await seen("globex"), await seen()]).toEqual([
        [["a"], 1],
        [[], 0],
        [[], 0],
      ]);
      await ledger.recordAccount(of("acme", "globex"), at(1_000));
      expect([await seen("acme"), await seen("acme", "globex")]).toEqual([
        [[], 0],
        [["a"], 1],
      ]);
      expect((await ledger.credits({ account: "elms" }, EVERYTHING)).map((each) => each.credit.id)).toEqual(["b"]);
    });
  });
}
