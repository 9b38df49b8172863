import {
  type Budget,
  type Instant,
  minorDigits,
  type Period,
  projects,
  rational,
  type Scope,
  type Spending,
  spending,
} from "@raingauge/domain";
import type { BillingTerms } from "../bill.ts";
import { type DraftSources, liveCosts, type ProjectCost } from "../drafts.ts";

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
  const costs = await liveCosts(sources, terms, projectsOf(budgets));
  return standingsOf(costs, budgets, terms.period, now);
}

/** The projects of some budgets, as a scope. */
export const projectsOf = (budgets: readonly Budget[]): Scope =>
  projects(...new Set(budgets.flatMap((budget) => budget.projects)));

/** How budgets stand when their projects cost so much. The currency is empty where nothing was used yet. */
export function standingsOf(
  costs: readonly ProjectCost[],
  budgets: readonly Budget[],
  period: Period,
  now: Instant,
): BudgetStanding[] {
  const currency = costs[0]?.draft.invoice.currency ?? "";
  const minor = 10n ** BigInt(minorDigits(currency));
  // A project that changed its account within the month has a cost under each.
  const byProject = Map.groupBy(costs, ({ project }) => project);
  const spentBy = (project: string): bigint =>
    (byProject.get(project) ?? []).reduce((total, { draft }) => total + draft.invoice.net, 0n);
  return budgets.map((budget) => {
    const total = budget.projects.reduce((sum, project) => sum + spentBy(project), 0n);
    return { budget, currency, ...spending(rational(total, minor), period, now) };
  });
}
