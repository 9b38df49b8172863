import { at, EVERYTHING, HOUR_MS, type Instant, type Period } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import type { SampleStore } from "@raingauge/store";
import { type Bill, type BillingTerms, billsOf } from "./bill.ts";
import {
  billKey,
  billsIn,
  type Closed,
  type ClosingSources,
  closePeriod,
  nilsIn,
  standingBills,
  ZONES_APART_MS,
} from "./close.ts";
import { PriceBookMissing } from "./drafts.ts";
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
 * Closes every month that is due and has something left to close, oldest first; an account's month is due when its grace is
 * over in the account's own zone. Run at start it catches up what was missed; run each hour it also takes up what was held,
 * once there is a price for it.
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
  for (const period of dueMonths(terms, now, ZONES_APART_MS)) {
    if (!(await ledger.lease(LEASE, terms.holder, LEASE_SECONDS))) return closed;
    const month = { ...terms, period, dueBy: at(now - terms.graceHours * HOUR_MS) };
    const bills = await billsOf(sources, month, EVERYTHING);
    if (await areIssued(sources.ledger, bills, period)) continue;
    closed.push(await closeMonth(sources, month, bills, now));
  }
  await ledger.lease(LEASE, terms.holder, 0);
  return closed;
}

/** The months whose grace is over, oldest first; `earlier`: so much earlier, because an account's zone may be ahead. */
export function dueMonths({ zone, graceHours, monthsBack }: ScheduleTerms, now: Instant, earlier = 0): Period[] {
  let month = monthOf(now, zone);
  const before = Array.from({ length: monthsBack }, () => {
    month = monthBefore(month, zone);
    return month;
  });
  return [monthOf(now, zone), ...before].filter(({ end }) => end + graceHours * HOUR_MS <= now + earlier).toReversed();
}

async function areIssued(
  ledger: Pick<Ledger, "bills" | "nils">,
  bills: readonly Bill[],
  period: Period,
): Promise<boolean> {
  if (bills.length === 0) return true;
  const issued = standingBills(await billsIn(ledger, period));
  const nils = await nilsIn(ledger, period);
  return bills
    .map(({ account, accountDigest, period: own }) => billKey(account.id, accountDigest, own))
    .every((key) => issued.has(key) || nils.has(key));
}

async function closeMonth(
  sources: ScheduleSources,
  terms: BillingTerms,
  bills: readonly Bill[],
  now: Instant,
): Promise<MonthClosed> {
  const end = at(Math.max(...bills.map(({ period }) => period.end)));
  const held = await unheard(sources.store, { start: terms.period.start, end }, await sources.ledger.retirements());
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
