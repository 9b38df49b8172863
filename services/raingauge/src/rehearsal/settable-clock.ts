import type { Instant } from "@raingauge/domain";

/** A clock that stands still until somebody sets it. */
export interface SettableClock {
  (): Instant;
  set(to: Instant): void;
}

/**
 * For a rehearsal alone, which makes it and everything that reads it, on a folder of its own: no setting of any process
 * names a clock, so that none in production can be set, by accident or otherwise. It never goes back, as time does not.
 */
export function settableClock(from: Instant): SettableClock {
  let now = from;
  return Object.assign(() => now, {
    set(to: Instant) {
      if (to < now) throw new RangeError("a clock that would go back");
      now = to;
    },
  });
}
