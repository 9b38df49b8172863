import { at, type Instant, permits, type Scope } from "@raingauge/domain";
import { budgetDigest, decodeBudget, encodeBudget } from "@raingauge/wire";
import { refuseSuperseded } from "../account.ts";
import type { Budgets, Notice } from "../budgets/records.ts";
import type { LedgerOptions } from "../options.ts";

export function budgets({ clock }: Pick<LedgerOptions, "clock">): Budgets {
  const byName = new Map<string, string>();
  const kept: (Notice & { readonly nextAt: Instant })[] = [];
  const change = (sequence: bigint, to: Partial<(typeof kept)[number]>): void => {
    const index = kept.findIndex((notice) => notice.sequence === sequence);
    const notice = kept[index];
    if (notice !== undefined) kept[index] = { ...notice, ...to };
  };
  return {
    async setBudget(budget, over) {
      refuseSuperseded(digestOf(byName.get(budget.name)), over);
      byName.set(budget.name, encodeBudget(budget));
    },
    async dropBudget(name, over) {
      refuseSuperseded(digestOf(byName.get(name)), over);
      return byName.delete(name);
    },
    async budgets(scope) {
      const all = [...byName.values()].map(decodeBudget).filter(({ projects }) => isOpen(scope, projects));
      return all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    async raiseNotices(notices) {
      const before = kept.length;
      for (const notice of notices) {
        if (kept.some(({ key }) => key === notice.key)) continue;
        const sequence = BigInt(kept.length + 1);
        kept.push({ ...notice, sequence, raisedAt: clock(), state: "pending", attempts: 0, nextAt: at(0) });
      }
      return kept.length - before;
    },
    dueNotices: async (now, limit) =>
      kept
        .filter(({ state, nextAt }) => state === "pending" && nextAt <= now)
        .slice(0, limit)
        .map(shown),
    async settleNotice(sequence, settled) {
      const attempts = (kept.find((notice) => notice.sequence === sequence)?.attempts ?? 0) + 1;
      change(sequence, { ...settled, attempts });
    },
    notices: async (scope) => kept.filter(({ projects }) => isOpen(scope, projects)).map(shown),
    async replayNotice(sequence) {
      if (!kept.some((notice) => notice.sequence === sequence && notice.state === "dead")) return false;
      change(sequence, { state: "pending", attempts: 0, nextAt: at(0) });
      return true;
    },
  };
}

const digestOf = (text: string | undefined): { readonly digest: string } | undefined =>
  text === undefined ? undefined : { digest: budgetDigest(decodeBudget(text)) };

/** What is of no project is of an account, and of no reader. */
const isOpen = (scope: Scope, projects: readonly string[]): boolean =>
  scope.kind === "all" || (projects.length > 0 && projects.every((each) => permits(scope, each)));

const shown = ({ nextAt: _, ...notice }: Notice & { readonly nextAt: Instant }): Notice => notice;
