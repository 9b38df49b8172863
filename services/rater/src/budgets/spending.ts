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
import type { Ledger } from "@raingauge/ledger";
import type { BillingTerms } from "../bill.ts";
import type { Drafted } from "../draft.ts";
import { type DraftSources, liveBills, liveCosts, type ProjectCost } from "../drafts.ts";
import { monthOf } from "../months.ts";

/** How a budget stands in a period. */
export interface BudgetStanding extends Spending {
  readonly budget: Budget;
  /** Empty where nothing was used yet. */
  readonly currency: string;
  /** Tiers, an allowance or a discount are shared with projects that are not its own: the invoices may come to something else. */
  readonly isEstimate?: boolean;
  /** Projects whose costs are in another currency, and are not in what was spent. */
  readonly leftOut?: readonly string[];
}

export type SpendingSources = DraftSources & { readonly ledger: Pick<Ledger, "credits"> };

/** What the projects and accounts of some budgets have cost so far, each kind measured in one go. Amounts are without tax. */
export async function standings(
  sources: SpendingSources,
  budgets: readonly Budget[],
  terms: BillingTerms,
  now: Instant,
): Promise<BudgetStanding[]> {
  if (budgets.length === 0) return [];
  const { scope, accounts } = coveredBy(budgets);
  const costs = scope === undefined ? [] : await liveCosts(sources, terms, scope);
  const bills = accounts.size === 0 ? [] : await liveBills(sources, terms, accounts);
  return standingsOf({ costs, bills }, budgets, terms.period, now);
}

/** Whose costs and whose bills some budgets are of; no scope where none is of projects. */
export function coveredBy(budgets: readonly Budget[]): { scope: Scope | undefined; accounts: ReadonlySet<string> } {
  const named = new Set(budgets.flatMap((budget) => budget.projects));
  return {
    scope: named.size === 0 ? undefined : projects(...named),
    accounts: new Set(budgets.flatMap(({ account }) => account ?? [])),
  };
}

/** How budgets stand when their projects cost so much, and their accounts owe so much. */
export function standingsOf(
  { costs, bills }: { readonly costs: readonly ProjectCost[]; readonly bills: readonly Drafted[] },
  budgets: readonly Budget[],
  period: Period,
  now: Instant,
): BudgetStanding[] {
  // A project that changed its account within the month has a cost under each.
  const byProject = Map.groupBy(costs, ({ project }) => project);
  return budgets.map((budget) => {
    if (budget.account !== undefined) return accountStanding(budget, bills, period, now);
    const mine = budget.projects.flatMap((project) => byProject.get(project) ?? []);
    const currency = mine[0]?.draft.invoice.currency ?? "";
    const counted = mine.filter(({ draft }) => draft.invoice.currency === currency);
    const total = counted.reduce((sum, { draft }) => sum + draft.invoice.net, 0n);
    const leftOut = [...new Set(mine.filter((each) => !counted.includes(each)).map(({ project }) => project))];
    return {
      budget,
      currency,
      ...spending(inCurrency(total, currency), period, now),
      ...(counted.some(({ isEstimate }) => isEstimate === true) ? { isEstimate: true } : {}),
      ...(leftOut.length === 0 ? {} : { leftOut }),
    };
  });
}

/** An account's month is its own zone's. */
function accountStanding(budget: Budget, bills: readonly Drafted[], month: Period, now: Instant): BudgetStanding {
  const invoice = bills.find(({ account }) => account === budget.account)?.draft.invoice;
  const { currency = "", net = 0n } = invoice ?? {};
  const own = invoice === undefined ? month : monthOf(invoice.period.start, invoice.zone);
  return { budget, currency, ...spending(inCurrency(net, currency), own, now) };
}

const inCurrency = (net: bigint, currency: string) => rational(net, 10n ** BigInt(minorDigits(currency)));
