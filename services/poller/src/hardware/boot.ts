import { at, type Instant, SECOND_MS, wholeSecond } from "@raingauge/domain";
import type { Hardware } from "./hardware.ts";

/** One life of a host: since when its counters count, and whether it was watched before. */
export interface Boot {
  readonly id: string;
  readonly startedAt: Instant;
  /** It was polled before it started this time, so that what it counts is known to have begun at zero. */
  readonly witnessed: boolean;
  readonly polledAt: Instant;
}

/**
 * The life that a host is in now. Its beginning is told once and kept: the kernel works it out anew from a clock that is set
 * now and then, and a counter whose beginning moves would be another counter.
 */
export function bootOf({ boot: id, processors }: Hardware, before: Boot | undefined, now: Instant): Boot | undefined {
  if (id === undefined || id === "" || processors?.startedAt === undefined) return undefined;
  if (before?.id === id) return { ...before, polledAt: now };
  const said = at(processors.startedAt * SECOND_MS);
  const startedAt = said < now ? said : wholeSecond(now);
  return { id, startedAt, witnessed: before !== undefined && before.polledAt < startedAt, polledAt: now };
}
