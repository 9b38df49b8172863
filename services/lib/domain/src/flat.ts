import type { Usage } from "./usage.ts";

/**
 * How long resources were there, whatever their size: a fee per volume and month is the same for one GiB and a thousand.
 * To the millisecond, seen and inferred alike, so that whoever was there for a third of a month pays a third.
 */
export const timeAlive = (usages: readonly Usage[]): bigint =>
  usages.reduce((total, { evidence: { observedMs, inferredMs } }) => total + BigInt(observedMs + inferredMs), 0n);
