import type { Delivery } from "@raingauge/bus";
import { type Batch, SECOND_MS } from "@raingauge/domain";
import type { CollectorMetrics } from "./metrics.ts";

/** Hears of each message once its rows are committed. */
export type Arrived = (delivery: Delivery, batch: Batch) => void;

type Seen = Pick<
  CollectorMetrics,
  "endToEndSeconds" | "lastStored" | "agentLastSeen" | "agentClockOffset" | "clockWentAhead"
>;

/**
 * How late readings come, who was heard last when, and how far the agents' clocks are off. The offset is what the bus's clock
 * said when it stored a message, less what its sender's said when it gave it away: above zero by the way between them, so
 * that a clock that is behind shows at once, and one that is ahead by as much as it is further ahead than the way is long.
 */
export const arrived =
  (seen: Seen, now: () => number): Arrived =>
  ({ message, storedAt, sentAt }, batch) => {
    const { region, service } = message;
    const at = now();
    seen.lastStored.set(at / SECOND_MS, { region, service });
    const newest = newestIn(batch);
    if (newest !== undefined) seen.endToEndSeconds.observe(Math.max(0, at - newest) / SECOND_MS, { region, service });
    if (newest !== undefined && newest > at) seen.clockWentAhead.add(1, { region, service });
    for (const { region: watched, source, agent, period } of batch.coverage) {
      seen.agentLastSeen.set(period.end / SECOND_MS, { region: watched, source, agent });
      seen.agentClockOffset.set((storedAt - sentAt) / SECOND_MS, { region: watched, source, agent });
    }
  };

/** The newest instant that a batch tells of, in UTC milliseconds; of coverage alone none. */
function newestIn({ samples, columns, events }: Batch): number | undefined {
  let newest = Number.NEGATIVE_INFINITY;
  for (const at of columns?.at ?? []) if (at > newest) newest = at;
  if (columns === undefined) for (const { at } of samples) if (at > newest) newest = at;
  for (const { at } of events) if (at > newest) newest = at;
  return newest === Number.NEGATIVE_INFINITY ? undefined : newest;
}
