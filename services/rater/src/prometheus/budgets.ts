import { type Budget, type Rational, rational, type Scope, times } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { NAME, type SourceSeries, type Span } from "@raingauge/promql";
import { type BudgetStanding, coveredBy, standingsOf } from "../budgets/spending.ts";
import { liveBills } from "../drafts.ts";
import type { CostParts } from "./costs.ts";
import { standing } from "./standing-costs.ts";
import { costsUntil, floatOf, nameOf } from "./until.ts";

export interface BudgetParts extends CostParts {
  readonly ledger: CostParts["ledger"] & Pick<Ledger, "budgets" | "credits">;
}

type Make = (parts: BudgetParts, span: Span, scope: Scope) => Promise<readonly SourceSeries[]>;

/**
 * Budgets as they are set now, and how they stood at the end of each window. A budget is told to those only who may see all
 * of its projects; one of an account, to those who see everything.
 */
export const BUDGET_SERIES: Readonly<Record<string, Make | undefined>> = {
  raingauge_budget_limit: standings("raingauge_budget_limit", ({ budget }) => budget.amount),
  raingauge_budget_spent: standings("raingauge_budget_spent", ({ spent }) => spent),
  raingauge_budget_forecast: standings("raingauge_budget_forecast", ({ forecast }) => forecast),
  // A budget is of more than nothing.
  raingauge_budget_used_ratio: standings("raingauge_budget_used_ratio", ({ budget, spent }) =>
    times(spent, rational(budget.amount.denominator, budget.amount.numerator)),
  ),
  raingauge_budget_project_info: info("raingauge_budget_project_info", ({ projects }) =>
    projects.map((project) => ({ project })),
  ),
  raingauge_budget_account_info: info("raingauge_budget_account_info", ({ account }) =>
    account === undefined ? [] : [{ account }],
  ),
};

function standings(name: string, of: (standing: BudgetStanding) => Rational | undefined): Make {
  return async (parts, span, scope) => {
    const budgets = await parts.ledger.budgets(scope);
    if (budgets.length === 0) return [];
    const { scope: ofProjects, accounts } = coveredBy(budgets);
    return standing(parts, span, async ({ parts: looked, month, window, put }) => {
      const { end } = window;
      const costs = ofProjects === undefined ? [] : await costsUntil(looked, { month, end, scope: ofProjects });
      const terms = { period: month, until: end, zone: parts.calendar.zone, book: parts.book };
      const sources = { store: looked.store, ledger: parts.ledger };
      const bills = accounts.size === 0 ? [] : await liveBills(sources, terms, accounts);
      const published = await parts.ledger.bookAt(parts.book, month.start);
      for (const each of standingsOf({ costs, bills }, budgets, month, end)) {
        const value = of(each);
        const currency = each.currency === "" ? (published?.book.currency ?? "") : each.currency;
        const labels = { [NAME]: name, budget: each.budget.name, currency, month: nameOf(month, parts) };
        if (value !== undefined) put(labels, floatOf(value));
      }
    });
  };
}

/** Whose a budget is: what it spends is not known by project, and so carries no such label. */
function info(name: string, labelsOf: (budget: Budget) => readonly Record<string, string>[]): Make {
  return async (parts, span, scope) => {
    const budgets = await parts.ledger.budgets(scope);
    return standing(parts, span, async ({ put }) => {
      for (const budget of budgets)
        for (const labels of labelsOf(budget)) put({ [NAME]: name, budget: budget.name, ...labels }, 1);
    });
  };
}
