import { EVERYTHING, HOUR_MS, type Instant, type Period } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import type { SampleStore } from "@raingauge/store";
import { type BillingTerms, billsOf } from "./bill.ts";
import { billKey, type Closed, type ClosingSources, closePeriod, documentsOf, nilsIn, standing } from "./close.ts";
import { PriceBookMissing } from "./draft.ts";
import { unheard } from "./heard.ts";
import { monthBefore, monthOf } from "./months.ts";

export interface ScheduleTerms extends Omit<BillingTerms, "period"> {
  /** How long after a month's end it is closed: what comes late, but not that late, is still on its invoice. */
  readonly graceHours: number;
  /** How many months back a missed closing is caught up. */
  readonly monthsBack: number;
  /** Who closes: one holder at a time has the lease. */
  readonly holder: string;
}

export interface ScheduleSources extends ClosingSources {
  readonly store: ClosingSources["store"] & Pick<SampleStore, "coverage">;
  readonly ledger: ClosingSources["ledger"] & Pick<Ledger, "lease">;
}

/** What became of one due month. */
export interface MonthClosed {
  readonly period: Period;
  readonly results: readonly Closed[];
  /** Why the month as a whole could not be closed. */
  readonly held?: string;
}

const LEASE = "closing";
/** How long a rater that died in the middle keeps the others waiting. */
const LEASE_SECONDS = 300;

/**
 * Closes every month that is due and has something left to close, oldest first. Run at start it catches up what was missed;
 * run each hour it also takes up what was held, once there is a price for it.
 *
 * The lease saves raters from doing the same work. Should two of them do it all the same, the ledger still issues each
 * project's period once.
 */
export async function closeDueMonths(
  sources: ScheduleSources,
  terms: ScheduleTerms,
  now: Instant,
): Promise<MonthClosed[]> {
  const { ledger } = sources;
  const closed: MonthClosed[] = [];
  for (const period of dueMonths(terms, now)) {
    if (!(await ledger.lease(LEASE, terms.holder, LEASE_SECONDS))) return closed;
    if (await isClosed(sources, { ...terms, period })) continue;
    closed.push(await closeMonth(sources, { ...terms, period }, now));
  }
  await ledger.lease(LEASE, terms.holder, 0);
  return closed;
}

/** The months whose grace is over, oldest first. */
export function dueMonths({ zone, graceHours, monthsBack }: ScheduleTerms, now: Instant): Period[] {
  let month = monthOf(now, zone);
  return Array.from({ length: monthsBack }, () => {
    month = monthBefore(month, zone);
    return month;
  })
    .filter(({ end }) => end + graceHours * HOUR_MS <= now)
    .toReversed();
}

async function isClosed(sources: ScheduleSources, terms: BillingTerms): Promise<boolean> {
  const bills = await billsOf(sources, terms, EVERYTHING);
  if (bills.length === 0) return true;
  const issued = standing(await documentsOf(sources.ledger, terms.period));
  const nils = await nilsIn(sources.ledger, terms.period);
  return bills
    .map(({ account, accountDigest, period }) => billKey(account.id, accountDigest, period))
    .every((key) => issued.has(key) || nils.has(key));
}

async function closeMonth(sources: ScheduleSources, terms: BillingTerms, now: Instant): Promise<MonthClosed> {
  const held = await unheard(sources.store, terms.period);
  if (held !== undefined) return { period: terms.period, results: [], held };
  try {
    return {
      period: terms.period,
      results: await closePeriod(sources, { ...terms, allowUnpriced: false, leavesNils: true }, now),
    };
  } catch (error) {
    if (error instanceof PriceBookMissing) return { period: terms.period, results: [], held: error.message };
    throw error;
  }
}
