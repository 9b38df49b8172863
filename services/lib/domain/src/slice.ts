import { incarnationKey } from "./counter.ts";
import { contains, type Period } from "./instant.ts";
import type { Meter } from "./meter.ts";
import type { Sample } from "./sample.ts";
import { inOrder, isEnd, isFirm, resourcesOf, untilFinalEnd } from "./timeline.ts";
import { states } from "./voice.ts";

/**
 * The part of one meter's series that decides a period: `measure` over the slice equals `measure` over everything. It keeps
 * 1. every reading inside;
 * 2. before the period: the readings from the last one on that is not an inferred end;
 * 3. after it: the readings up to the first one that is not an inferred end;
 * 4. the statement in force at the period's start, or at the final end if that came before (with none before, the first one);
 * 5. the final end, wherever it is: no statement after it counts.
 * A counter is sliced incarnation by incarnation. A store may keep more, as long as it keeps every telling of a transition
 * of which it keeps one.
 */
export function slice<S extends Sample>(meter: Meter, samples: readonly S[], period: Period): S[] {
  return resourcesOf(samples).flatMap((series) =>
    lives(meter, series).flatMap((life) => sliceOf(inOrder(life), period)),
  );
}

/** Of a counter each incarnation by itself, without what only ends the resource; of anything else the series as it is. */
export function lives<S extends Sample>(meter: Meter, series: readonly S[]): S[][] {
  if (meter.kind !== "cumulative") return [[...series]];
  const counted = series.filter((sample) => !isEnd(sample));
  const byLife = Map.groupBy(counted, ({ incarnation }) => incarnationKey(incarnation));
  return [...byLife].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, life]) => life);
}

/** Of one life, in order, what decides a period. */
export function sliceOf<S extends Sample>(ordered: readonly S[], period: Period): S[] {
  const { alive, after } = untilFinalEnd(ordered);
  const lead = alive.findLast((sample) => isFirm(sample) && sample.at < period.start)?.at ?? period.start;
  const tail = alive.find((sample) => isFirm(sample) && sample.at >= period.end)?.at ?? Number.POSITIVE_INFINITY;
  const statement = alive.findLast((sample) => states(sample) && sample.at < period.start) ?? alive.find(states);
  return [
    ...alive.filter(
      (sample) => (sample.at >= lead && sample.at <= tail) || sample === statement || sample.stance === "ends",
    ),
    ...after.filter((sample) => contains(period, sample.at)),
  ];
}
