import { type Rational, rational, type Scope, times } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { NAME, type SourceSeries, type Span } from "@raingauge/promql";
import { type BudgetStanding, projectsOf, standingsOf } from "../budgets/spending.ts";
import type { CostParts } from "./costs.ts";
import { standing } from "./standing-costs.ts";
import { costsUntil, floatOf, nameOf } from "./until.ts";

export interface BudgetParts extends CostParts {
  readonly ledger: CostParts["ledger"] & Pick<Ledger, "budgets">;
}

type Make = (parts: BudgetParts, span: Span, scope: Scope) => Promise<readonly SourceSeries[]>;

/**
 * Budgets as they are set now, and how they stood at the end of each window. A budget is told to those only who may see all
 * of its projects.
 */
export const BUDGET_SERIES: Readonly<Record<string, Make | undefined>> = {
  raingauge_budget_limit: standings("raingauge_budget_limit", ({ budget }) => budget.amount),
  raingauge_budget_spent: standings("raingauge_budget_spent", ({ spent }) => spent),
  raingauge_budget_forecast: standings("raingauge_budget_forecast", ({ forecast }) => forecast),
  // A budget is of more than nothing.
  raingauge_budget_used_ratio: standings("raingauge_budget_used_ratio", ({ budget, spent }) =>
    times(spent, rational(budget.amount.denominator, budget.amount.numerator)),
  ),
  raingauge_budget_project_info: members,
};

function standings(name: string, of: (standing: BudgetStanding) => Rational | undefined): Make {
  return async (parts, span, scope) => {
    // What an account owes is no sum of its projects' costs, and is asked for at /v1/budgets.
    const budgets = (await parts.ledger.budgets(scope)).filter(({ account }) => account === undefined);
    if (budgets.length === 0) return [];
    return standing(parts, span, async ({ parts: looked, month, window, put }) => {
      const costs = await costsUntil(looked, { month, end: window.end, scope: projectsOf(budgets) });
      const published = await parts.ledger.bookAt(parts.book, month.start);
      for (const each of standingsOf(costs, budgets, month, window.end)) {
        const value = of(each);
        const currency = each.currency === "" ? (published?.book.currency ?? "") : each.currency;
        const labels = { [NAME]: name, budget: each.budget.name, currency, month: nameOf(month, parts) };
        if (value !== undefined) put(labels, floatOf(value));
      }
    });
  };
}

/** Which projects a budget is of: what it spends is not known by project, and so carries no such label. */
async function members(parts: BudgetParts, span: Span, scope: Scope): Promise<SourceSeries[]> {
  const budgets = await parts.ledger.budgets(scope);
  return standing(parts, span, async ({ put }) => {
    for (const { name, projects } of budgets)
      for (const project of projects) put({ [NAME]: "raingauge_budget_project_info", budget: name, project }, 1);
  });
}
