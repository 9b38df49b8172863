import { LedgerUnavailable } from "@raingauge/ledger";
import type { Log } from "@raingauge/runtime";
import { StoreUnavailable } from "@raingauge/store";
import { schedule } from "node-cron";
import type { RaterMetrics } from "./metrics.ts";
import { monthName } from "./months.ts";
import type { Calendar } from "./period-query.ts";
import { type LookedAt, type Reconciled, type ReconcileSources, reconcileMonths } from "./reconcile.ts";
import { closeDueMonths, type MonthClosed, type ScheduleSources, type ScheduleTerms } from "./schedule.ts";

export interface CloserParts extends ScheduleSources {
  readonly ledger: ScheduleSources["ledger"] & ReconcileSources["ledger"];
  readonly clock: Calendar["clock"];
  readonly log: Log;
  readonly metrics: RaterMetrics;
}

/** Ten past each hour: whatever grace was chosen, a month is closed within the hour after it. */
const HOURLY = "10 * * * *";

/**
 * Closes what is due now, and then each hour, until the signal aborts and the closing in hand is through. What cannot be
 * reached now is tried again; anything else ends it with the error.
 */
export async function closeOnSchedule(
  parts: CloserParts,
  terms: ScheduleTerms,
  signal: AbortSignal,
  cron = HOURLY,
): Promise<void> {
  const ended = Promise.withResolvers<void>();
  const before: LookedAt = new Map();
  let inHand: Promise<void> = Promise.resolve();
  const tick = (): Promise<void> => {
    inHand = closeOnce(parts, terms, before).catch(ended.reject);
    return inHand;
  };
  const task = schedule(cron, tick, {
    name: "closing",
    timezone: terms.zone,
    noOverlap: true,
    logger: quiet(parts.log),
  });
  signal.addEventListener("abort", () => ended.resolve(), { once: true });
  if (signal.aborted) ended.resolve();
  try {
    await task.execute();
    await ended.promise;
  } finally {
    await task.destroy();
    await inHand;
  }
}

async function closeOnce(
  { log, metrics, clock, ...sources }: CloserParts,
  terms: ScheduleTerms,
  before: LookedAt,
): Promise<void> {
  try {
    for (const closed of await closeDueMonths(sources, terms, clock())) tell(closed, terms.zone, { log, metrics });
    tellReconciled(await reconcileMonths(sources, terms, clock(), before), { log, metrics });
  } catch (error) {
    if (!(error instanceof StoreUnavailable) && !(error instanceof LedgerUnavailable)) throw error;
    metrics.closingsFailed.add(1);
    log.warn("closing failed, to be tried again", { error });
  }
}

function tell(
  { period, results, held }: MonthClosed,
  zone: string,
  { log, metrics }: Pick<CloserParts, "log" | "metrics">,
): void {
  const month = monthName(period, zone);
  const issued = results.filter(({ outcome }) => outcome === "issued");
  const holding = results.filter((each) => each.outcome === "held");
  metrics.invoicesIssued.add(issued.length);
  metrics.projectsHeld.add(holding.length);
  metrics.monthsHeld.add(held === undefined ? 0 : 1);
  if (held !== undefined) log.warn("month held", { month, reason: held });
  for (const { account, reasons } of holding) log.warn("invoice held", { month, account, reasons });
  if (issued.length > 0) log.info("invoices issued", { month, invoices: issued.length });
}

function tellReconciled(
  { written, waiting }: Reconciled,
  { log, metrics }: Pick<CloserParts, "log" | "metrics">,
): void {
  metrics.correctionsIssued.add(written.length);
  metrics.correctionsHeld.add(waiting.length);
  for (const { original, document } of written)
    log.info("invoice corrected", { number: original.number, by: document.number });
  for (const { original, waits } of waiting) log.warn("correction waiting", { number: original.number, reason: waits });
}

/** The scheduler speaks up about what the log says already; only its errors are news. */
const quiet = (log: Log) => ({
  info() {},
  debug() {},
  warn() {},
  error: (message: string | Error) => log.error("schedule failed", { error: message }),
});
