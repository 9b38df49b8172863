import { type Budget, type Instant, minorDigits, projects, rational, type Spending, spending } from "@raingauge/domain";
import type { BillingTerms } from "../bill.ts";
import { type DraftSources, liveCosts } from "../draft.ts";

/** How a budget stands in a period. */
export interface BudgetStanding extends Spending {
  readonly budget: Budget;
  readonly currency: string;
}

/** What the projects of some budgets have cost so far, measured in one go. Amounts are without tax. */
export async function standings(
  sources: DraftSources,
  budgets: readonly Budget[],
  terms: BillingTerms,
  now: Instant,
): Promise<BudgetStanding[]> {
  if (budgets.length === 0) return [];
  const wanted = projects(...new Set(budgets.flatMap((budget) => budget.projects)));
  const costs = await liveCosts(sources, terms, wanted);
  const currency = costs[0]?.draft.invoice.currency ?? "";
  const minor = 10n ** BigInt(minorDigits(currency));
  // A project that changed its account within the month has a cost under each.
  const byProject = Map.groupBy(costs, ({ project }) => project);
  const spentBy = (project: string): bigint =>
    (byProject.get(project) ?? []).reduce((total, { draft }) => total + draft.invoice.net, 0n);
  return budgets.map((budget) => {
    const total = budget.projects.reduce((sum, project) => sum + spentBy(project), 0n);
    return { budget, currency, ...spending(rational(total, minor), terms.period, now) };
  });
}
