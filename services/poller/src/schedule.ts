import type { Log } from "@raingauge/runtime";
import { schedule } from "node-cron";
import type { PollerMetrics } from "./metrics.ts";

export interface Regularly {
  readonly expression: string;
  readonly log: Log;
  readonly metrics: Pick<PollerMetrics, "pollsSkipped">;
  readonly signal: AbortSignal;
}

/**
 * Polls at once, and then whenever it is due, never twice at the same time. Resolves, once `signal` aborts, after the poll in
 * hand; rejects when a poll does, for that is a bug.
 */
export async function regularly(
  poll: () => Promise<void>,
  { expression, log, metrics, signal }: Regularly,
): Promise<void> {
  await poll();
  if (signal.aborted) return;
  const ended = Promise.withResolvers<void>();
  let inHand: Promise<void> = Promise.resolve();
  const task = schedule(
    expression,
    () => {
      inHand = poll().catch(ended.reject);
      return inHand;
    },
    { noOverlap: true, timezone: "Etc/UTC", logger: quiet(log) },
  );
  task.on("execution:overlap", () => metrics.pollsSkipped.add(1));
  signal.addEventListener("abort", () => ended.resolve(), { once: true });
  try {
    await ended.promise;
  } finally {
    await task.destroy();
    await inHand;
  }
}

/** The scheduler has opinions on what is worth a warning; ours are counted. */
const quiet = (log: Log) => {
  const tell = (message: string | Error): void => log.debug("scheduler spoke", { message: String(message) });
  return { info: tell, warn: tell, error: tell, debug: tell };
};
