import { at, type Budget, EVERYTHING, type Instant, parseDecimal, projects } from "@raingauge/domain";
import { budgetDigest } from "@raingauge/wire";
import { describe, expect, it } from "vitest";
import { type Ledger, Superseded } from "../ledger.ts";
import type { NewNotice } from "./records.ts";

const budget = (name: string, ...of: string[]): Budget => ({
  name,
  projects: of,
  amount: parseDecimal("100"),
  thresholds: [{ percent: parseDecimal("80"), of: "actual" }],
  webhook: { url: "https://hooks.example/", secret: "s3cret" },
  email: ["ops@example.org"],
});

const notice = (key: string, ...of: string[]): NewNotice => ({
  key,
  budget: "b",
  projects: of,
  channel: "webhook",
  document: `{"key":"${key}"}`,
});

/** The promises of `Budgets`, by their numbers. */
export function describeBudgets(opened: (clock?: () => Instant) => Promise<{ readonly ledger: Ledger }>): void {
  describe("14. budgets", () => {
    it("of an account, and what was told of them, show to those only who see everything", async () => {
      const { ledger } = await opened();
      const whole = { ...budget("whole"), account: "oaks" };
      await ledger.setBudget(whole);
      await ledger.raiseNotices([notice("k")]);

      expect(await ledger.budgets(EVERYTHING)).toEqual([whole]);
      expect([await ledger.budgets(projects("acme")), await ledger.notices(projects("acme"))]).toEqual([[], []]);
      expect(await ledger.notices(EVERYTHING)).toHaveLength(1);
    });

    it("1. are set by their name, replaced, and dropped", async () => {
      const { ledger } = await opened();
      await ledger.setBudget(budget("b", "acme"));
      await ledger.setBudget(budget("a", "acme"));
      await ledger.setBudget({ ...budget("b", "acme", "globex"), email: [] });

      expect(await ledger.budgets(EVERYTHING)).toEqual([
        budget("a", "acme"),
        { ...budget("b", "acme", "globex"), email: [] },
      ]);
      expect(await ledger.dropBudget("a")).toBe(true);
      expect(await ledger.dropBudget("a")).toBe(false);
      expect((await ledger.budgets(EVERYTHING)).map(({ name }) => name)).toEqual(["b"]);
    });

    it("1. are set and dropped only over what the writer has read, where they say what that was", async () => {
      const { ledger } = await opened();
      const [first, second] = [budget("b", "acme"), { ...budget("b", "acme"), email: [] }];
      await expect(ledger.setBudget(first, budgetDigest(first))).rejects.toThrow(Superseded);
      await ledger.setBudget(first);

      await ledger.setBudget(second, budgetDigest(first));

      await expect(ledger.setBudget(first, budgetDigest(first))).rejects.toThrow(Superseded);
      await expect(ledger.dropBudget("b", budgetDigest(first))).rejects.toThrow(Superseded);
      expect(await ledger.budgets(EVERYTHING)).toEqual([second]);
      expect(await ledger.dropBudget("b", budgetDigest(second))).toBe(true);
    });

    it("2. raise a crossing once, however many see it", async () => {
      const { ledger } = await opened(() => at(5_000));
      const seen = await Promise.all(
        [1, 2, 3].map(() => ledger.raiseNotices([notice("x", "acme"), notice("y", "acme")])),
      );

      expect(seen.reduce((total, each) => total + each, 0)).toBe(2);
      const [first, ...others] = await ledger.notices(EVERYTHING);
      expect(first).toMatchObject({ ...notice("x", "acme"), raisedAt: 5_000, state: "pending", attempts: 0 });
      expect(others).toHaveLength(1);
    });

    it("3. are told when it is due, until it is settled, and after death only when replayed", async () => {
      const { ledger } = await opened();
      await ledger.raiseNotices([notice("x", "acme"), notice("y", "acme")]);
      const [x, y] = await ledger.dueNotices(at(1_000), 10);
      if (x === undefined || y === undefined) throw new Error("nothing is due");
      const due = async (now: number) => (await ledger.dueNotices(at(now), 10)).map(({ key }) => key);

      await ledger.settleNotice(x.sequence, { state: "pending", error: "no answer", nextAt: at(9_000) });
      await ledger.settleNotice(y.sequence, { state: "delivered" });
      expect([await due(8_999), await due(9_000)]).toEqual([[], ["x"]]);
      await ledger.settleNotice(x.sequence, { state: "dead", error: "still no answer" });

      expect(await due(99_000)).toEqual([]);
      expect(await ledger.notices(EVERYTHING)).toMatchObject([
        { state: "dead", attempts: 2, error: "still no answer" },
        { state: "delivered", attempts: 1 },
      ]);
      expect([await ledger.replayNotice(y.sequence), await ledger.replayNotice(x.sequence)]).toEqual([false, true]);
      expect(await due(99_000)).toEqual(["x"]);
    });

    it("4. show only to whom every project of them is open", async () => {
      const { ledger } = await opened();
      await ledger.setBudget(budget("own", "acme"));
      await ledger.setBudget(budget("shared", "acme", "globex"));
      await ledger.raiseNotices([notice("own", "acme"), notice("shared", "acme", "globex")]);
      const seen = async (...of: string[]) => [
        (await ledger.budgets(projects(...of))).map(({ name }) => name),
        (await ledger.notices(projects(...of))).map(({ key }) => key),
      ];

      expect(await seen("acme")).toEqual([["own"], ["own"]]);
      expect(await seen("acme", "globex")).toEqual([
        ["own", "shared"],
        ["own", "shared"],
      ]);
      expect(await seen()).toEqual([[], []]);
    });
  });
}
