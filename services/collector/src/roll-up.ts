import type { Log } from "@raingauge/runtime";
import { type SampleStore, StoreUnavailable } from "@raingauge/store";
import { schedule } from "node-cron";
import type { CollectorMetrics } from "./metrics.ts";

export interface RollingUp {
  readonly store: Pick<SampleStore, "rollUp">;
  readonly log: Log;
  readonly counts: Pick<CollectorMetrics, "rollUpsFinished" | "rollUpsFailed" | "hoursRolledUp">;
}

export interface Schedule {
  /** A cron expression. */
  readonly expression: string;
  readonly log: Log;
}

/**
 * Tends the store whenever the cron expression says so, one piece of work after another and never twice at once. It belongs
 * to the collector, because only one process may have an embedded store open. Resolves once the signal aborts and what was in
 * hand has ended; rejects when something failed for another reason than that the store was away.
 */
export async function rollUps(
  work: readonly (() => Promise<void>)[],
  { expression, log }: Schedule,
  signal: AbortSignal,
): Promise<void> {
  const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<void>();
  let inHand: Promise<void> = Promise.resolve();
  const due = (): Promise<void> => {
    inHand = inTurn(work).catch(fail);
    return inHand;
  };
  const task = schedule(expression, due, { noOverlap: true, timezone: "Etc/UTC", logger: quiet(log) });
  const stop = (): void => end();
  signal.addEventListener("abort", stop);
  if (signal.aborted) end();
  try {
    await ended;
  } finally {
    signal.removeEventListener("abort", stop);
    await task.destroy();
    await inHand;
  }
}

async function inTurn(work: readonly (() => Promise<void>)[]): Promise<void> {
  for (const piece of work) await piece();
}

export async function rollUp({ store, log, counts }: RollingUp): Promise<void> {
  try {
    const { series, hours } = await store.rollUp();
    counts.rollUpsFinished.add(1);
    counts.hoursRolledUp.add(hours);
    log.info("usage rolled up", { series, hours });
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    counts.rollUpsFailed.add(1);
    log.warn("roll-up put off", { reason: error.message });
  }
}

/** The scheduler warns on the console of what is normal here: a roll-up that takes longer than its interval. */
const quiet = (log: Log) => {
  const tell = (message: string | Error): void => log.debug("scheduler spoke", { message: String(message) });
  return { info: tell, warn: tell, error: tell, debug: tell };
};
