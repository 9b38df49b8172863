import { decimal, EVERYTHING, type Instant, iso, reached, type Threshold } from "@raingauge/domain";
import type { Ledger, NewNotice } from "@raingauge/ledger";
import { canonical } from "@raingauge/wire";
import type { BillingTerms } from "../bill.ts";
import type { DraftSources } from "../drafts.ts";
import { monthName, monthOf } from "../months.ts";
import { type BudgetStanding, standings } from "./spending.ts";

export interface BudgetSources extends DraftSources {
  readonly ledger: DraftSources["ledger"] & Pick<Ledger, "budgets" | "raiseNotices" | "credits">;
}

/** Compares every budget with its month so far, and raises a notice for each threshold that is reached. Returns how many are new. */
export async function watchBudgets(
  sources: BudgetSources,
  { zone, book }: Omit<BillingTerms, "period">,
  now: Instant,
): Promise<number> {
  const period = monthOf(now, zone);
  const found = await standings(sources, await sources.ledger.budgets(EVERYTHING), { period, zone, book }, now);
  const month = monthName(period, zone) ?? iso(period.start);
  const notices = found.flatMap((standing) =>
    reached(standing.budget, standing).flatMap((threshold) => noticesOf(standing, threshold, month, now)),
  );
  return sources.ledger.raiseNotices(notices);
}

/** A budget whose amount is changed is another plan: its thresholds can be reached again. */
function noticesOf(standing: BudgetStanding, { percent, of }: Threshold, month: string, now: Instant): NewNotice[] {
  const { budget, currency, spent, forecast, isEstimate, leftOut } = standing;
  const told = {
    budget: budget.name,
    projects: [...budget.projects],
    ...(budget.account === undefined ? {} : { account: budget.account }),
    period: month,
    threshold: { percent: decimal(percent, 12), of },
    amount: decimal(budget.amount, 12),
    spent: decimal(spent, 2),
    ...(forecast === undefined ? {} : { forecast: decimal(forecast, 2) }),
    currency,
    ...(isEstimate === true ? { isEstimate } : {}),
    ...(leftOut === undefined ? {} : { leftOut: [...leftOut] }),
    raisedAt: iso(now),
  };
  const crossing = [budget.name, month, told.threshold.percent, of, told.amount];
  const channels = [
    ...(budget.webhook === undefined ? [] : (["webhook"] as const)),
    ...(budget.email.length === 0 ? [] : (["email"] as const)),
  ];
  return channels.map((channel) => ({
    key: JSON.stringify([...crossing, channel]),
    budget: budget.name,
    projects: budget.projects,
    channel,
    document: canonical(told),
  }));
}
