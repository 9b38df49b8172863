import { at, type Instant, type Period } from "./instant.ts";
import type { Meter } from "./meter.ts";
import type { Sample } from "./sample.ts";
import { lives, sliceOf } from "./slice.ts";
import { inOrder, isEnd, PAIRING_MS, resourcesOf } from "./timeline.ts";

/**
 * Of one meter's readings before a horizon, those that a store never removes: whatever decides the hours from the horizon on
 * (the last reading, the statement in force), the first start and the end mark. A volume that was created years ago and is
 * still there is billed by these alone.
 */
export function retained<S extends Sample>(meter: Meter, samples: readonly S[], horizon: Instant): S[] {
  const before = samples.filter((sample) => sample.at < horizon);
  return resourcesOf(before).flatMap((series) => {
    const ends = meter.kind === "cumulative" ? series.filter(isEnd) : [];
    return [...lives(meter, series), ends].flatMap((life) => lastingOf(inOrder(life), horizon));
  });
}

function lastingOf<S extends Sample>(ordered: readonly S[], horizon: Instant): S[] {
  const lasting = new Set([...ordered.slice(0, 1), ...sliceOf(ordered, from(horizon))]);
  const mayBeRetold = ({ transition, at: moment }: S): boolean =>
    transition !== undefined && horizon - moment <= PAIRING_MS;
  return ordered.filter((sample) => lasting.has(sample) || mayBeRetold(sample));
}

const from = (horizon: Instant): Period => ({ start: horizon, end: at(Number.MAX_SAFE_INTEGER) });
