import { incarnationKey } from "./counter.ts";
import type { Period } from "./instant.ts";
import type { Meter } from "./meter.ts";
import type { Sample } from "./sample.ts";
import { inOrder, PAIRING_MS, resourcesOf } from "./timeline.ts";

/**
 * The part of one meter's series that decides a period: `measure` over the slice equals `measure` over everything. It keeps
 * 1. every reading inside;
 * 2. before the period: the readings from the last one that is not an inferred end, with those close enough before it to be
 *    the first telling of the same transition;
 * 3. after it: the readings up to the first one that is not an inferred end;
 * 4. the statement in force at the period's start (or, with none before, the first one);
 * 5. the final end, where one came before.
 * A counter is sliced incarnation by incarnation.
 */
export function slice(meter: Meter, samples: readonly Sample[], period: Period): Sample[] {
  return resourcesOf(samples).flatMap((series) => lives(meter, series).flatMap((life) => sliceOf(life, period)));
}

function lives(meter: Meter, series: readonly Sample[]): Sample[][] {
  if (meter.kind !== "cumulative") return [[...series]];
  return [...Map.groupBy(series, ({ incarnation }) => incarnationKey(incarnation)).values()];
}

function sliceOf(series: readonly Sample[], { start, end }: Period): Sample[] {
  const ordered = inOrder(series);
  const before = ordered.filter(({ at }) => at < start);
  const after = ordered.filter(({ at }) => at >= end);
  const lead = before.findLast(isFirm);
  const tail = after.find(isFirm);
  const from = (lead?.at ?? before[0]?.at ?? start) - PAIRING_MS;
  const to = tail?.at ?? Number.POSITIVE_INFINITY;
  const statement = before.findLast(states) ?? ordered.find(states);
  const finalEnd = ordered.find(({ stance }) => stance === "ends");
  return series.filter((sample) => (sample.at >= from && sample.at <= to) || sample.id === statement?.id || sample.id === finalEnd?.id);
}

const isFirm = ({ stance }: Sample): boolean => stance !== "vanishes";

const states = ({ stance }: Sample): boolean => stance === "states";
