import type { Instant } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { type Adjustment, type AdjustmentSources, adjustments, type Written, writeAdjustments } from "./adjustment.ts";
import { ZONES_APART_MS } from "./close.ts";
import { type RestingSources, restsOn } from "./rests-on.ts";
import { dueMonths, type ScheduleTerms } from "./schedule.ts";

export interface ReconcileSources extends RestingSources {
  readonly ledger: AdjustmentSources["ledger"] & RestingSources["ledger"] & Pick<Ledger, "lease">;
}

/** What became of a look back at the months that were closed. */
export interface Reconciled {
  readonly written: readonly Written[];
  readonly waiting: readonly Adjustment[];
}

/** What a look at a month rested on, and what it left waiting; by the month. */
export type LookedAt = Map<string, { readonly on: string; readonly waiting: readonly Adjustment[] }>;

const LEASE = "reconciling";
const LEASE_SECONDS = 300;

/**
 * Looks at every closed month that the schedule still knows and that anything has touched since, and writes what its accounts let
 * be written by itself. The first look may use what was rolled up; only where that differs are the readings asked. Who passes the
 * same `before` each hour is spared the months that nothing touched; without it each is looked at, as it is after a start.
 */
export async function reconcileMonths(
  sources: ReconcileSources,
  terms: ScheduleTerms,
  now: Instant,
  before: LookedAt = new Map(),
): Promise<Reconciled> {
  const written: Written[] = [];
  const waiting: Adjustment[] = [];
  const months = dueMonths(terms, now, ZONES_APART_MS);
  const keys = new Set(months.map(({ start }) => String(start)));
  for (const key of before.keys()) if (!keys.has(key)) before.delete(key);
  for (const period of months) {
    if (!(await sources.ledger.lease(LEASE, terms.holder, LEASE_SECONDS))) return { written, waiting };
    const key = String(period.start);
    const month = { ...terms, period };
    const on = await restsOn(sources, month);
    const last = before.get(key);
    if (last === undefined || last.on !== on) {
      before.delete(key);
      const found = await lookAt(sources, month);
      written.push(...found.written);
      if (on !== undefined) before.set(key, { on, waiting: found.waiting });
      waiting.push(...found.waiting);
    } else waiting.push(...last.waiting);
  }
  await sources.ledger.lease(LEASE, terms.holder, 0);
  return { written, waiting };
}

async function lookAt(
  sources: ReconcileSources,
  month: Parameters<typeof adjustments>[1],
): Promise<{ readonly written: readonly Written[]; readonly waiting: readonly Adjustment[] }> {
  if ((await adjustments(sources, month, { exactly: false })).length === 0) return { written: [], waiting: [] };
  const found = await adjustments(sources, month, { exactly: true });
  const free = found.filter(({ waits }) => waits === undefined);
  return {
    written: await writeAdjustments(sources.ledger, free),
    waiting: found.filter(({ waits }) => waits !== undefined),
  };
}
