import type { Instant } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { type Adjustment, type AdjustmentSources, adjustments, type Written, writeAdjustments } from "./adjustment.ts";
import { ZONES_APART_MS } from "./close.ts";
import { dueMonths, type ScheduleTerms } from "./schedule.ts";

interface ReconcileSources extends AdjustmentSources {
  readonly ledger: AdjustmentSources["ledger"] & Pick<Ledger, "lease">;
}

/** What became of a look back at the months that were closed. */
export interface Reconciled {
  readonly written: readonly Written[];
  readonly waiting: readonly Adjustment[];
}

const LEASE = "reconciling";
const LEASE_SECONDS = 300;

/**
 * Looks at every closed month that the schedule still knows, and writes what its accounts let be written by itself. The first
 * look may use what was rolled up; only where that differs are the readings asked.
 */
export async function reconcileMonths(
  sources: ReconcileSources,
  terms: ScheduleTerms,
  now: Instant,
): Promise<Reconciled> {
  const written: Written[] = [];
  const waiting: Adjustment[] = [];
  for (const period of dueMonths(terms, now, ZONES_APART_MS)) {
    if (!(await sources.ledger.lease(LEASE, terms.holder, LEASE_SECONDS))) return { written, waiting };
    const month = { ...terms, period };
    if ((await adjustments(sources, month, { exactly: false })).length === 0) continue;
    const found = await adjustments(sources, month, { exactly: true });
    waiting.push(...found.filter(({ waits }) => waits !== undefined));
    written.push(
      ...(await writeAdjustments(
        sources.ledger,
        found.filter(({ waits }) => waits === undefined),
      )),
    );
  }
  await sources.ledger.lease(LEASE, terms.holder, 0);
  return { written, waiting };
}
