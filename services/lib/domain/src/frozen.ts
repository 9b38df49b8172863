import { lengthMs, overlapMs, type Period } from "./instant.ts";
import type { Evidence, Usage } from "./usage.ts";

/**
 * The part of a usage that falls into a period, shared out evenly over the usage's own time: F(t) = floor(quantity × t), so
 * that adjacent periods always add up. For an hour whose readings are gone, when the edge of a period cuts it; nothing tells
 * any more in which of its minutes a thing was used. Nothing where the two do not meet.
 */
export function sharedOut(usage: Usage, period: Period): Usage | undefined {
  const { start, end } = usage.period;
  const whole = lengthMs(usage.period);
  const overlap = overlapMs(usage.period, period);
  if (overlap === 0) return undefined;
  if (overlap === whole) return usage;
  const from = Math.max(0, period.start - start);
  const to = Math.min(end, period.end) - start;
  const part = (amount: number): number => Math.floor((amount * to) / whole) - Math.floor((amount * from) / whole);
  const quantity = (usage.quantity * BigInt(to)) / BigInt(whole) - (usage.quantity * BigInt(from)) / BigInt(whole);
  return { ...usage, period, quantity, evidence: evidenceIn(usage.evidence, period, part) };
}

function evidenceIn({ end, ...counted }: Evidence, period: Period, part: (amount: number) => number): Evidence {
  return {
    readings: part(counted.readings),
    observedMs: part(counted.observedMs),
    inferredMs: part(counted.inferredMs),
    afterEnd: part(counted.afterEnd),
    counterDropped: part(counted.counterDropped),
    ...(end !== undefined && end.at >= period.start && end.at < period.end ? { end } : {}),
  };
}
