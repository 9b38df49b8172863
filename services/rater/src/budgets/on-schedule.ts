import { setTimeout as pause } from "node:timers/promises";
import { type Instant, MINUTE_MS } from "@raingauge/domain";
import { type Ledger, LedgerUnavailable } from "@raingauge/ledger";
import type { Log } from "@raingauge/runtime";
import { StoreUnavailable } from "@raingauge/store";
import type { BillingTerms } from "../bill.ts";
import { PriceBookMissing } from "../drafts.ts";
import type { RaterMetrics } from "../metrics.ts";
import { deliverNotices } from "./deliver.ts";
import type { Mailer } from "./mail.ts";
import { type BudgetSources, watchBudgets } from "./watch.ts";

export interface BudgetParts extends BudgetSources {
  readonly ledger: BudgetSources["ledger"] & Pick<Ledger, "dueNotices" | "settleNotice" | "lease">;
  readonly mail?: Mailer | undefined;
  readonly clock: () => Instant;
  readonly log: Log;
  readonly metrics: RaterMetrics;
}

export interface BudgetTerms extends Omit<BillingTerms, "period"> {
  readonly holder: string;
}

const LEASE = "budgets";
const LEASE_SECONDS = 300;
/** Costs of a whole cloud are not measured each minute; what is due is told each minute. */
const WATCH_MINUTES = 15;

/** Watches budgets and tells what was crossed, until the signal aborts. One rater does it at a time. */
export async function budgetsOnSchedule(parts: BudgetParts, terms: BudgetTerms, signal: AbortSignal): Promise<void> {
  for (let minute = 0; !signal.aborted; minute += 1) {
    await once(parts, terms, minute % WATCH_MINUTES === 0);
    await pause(MINUTE_MS, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

async function once(
  { log, metrics, clock, ...sources }: BudgetParts,
  terms: BudgetTerms,
  watches: boolean,
): Promise<void> {
  try {
    if (!(await sources.ledger.lease(LEASE, terms.holder, LEASE_SECONDS))) return;
    const raised = watches ? await watchBudgets(sources, terms, clock()) : 0;
    const { delivered, failed, dead } = await deliverNotices(sources, clock());
    metrics.budgetNoticesRaised.add(raised);
    metrics.budgetNoticesDelivered.add(delivered);
    metrics.budgetNoticesFailed.add(failed);
    metrics.budgetNoticesDead.add(dead);
    if (dead > 0) log.warn("budget notices given up", { notices: dead });
  } catch (error) {
    const passes = error instanceof StoreUnavailable || error instanceof LedgerUnavailable;
    if (!passes && !(error instanceof PriceBookMissing)) throw error;
    log.warn("budgets not watched, to be tried again", { error });
  }
}
