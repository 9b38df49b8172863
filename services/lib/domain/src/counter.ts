import { contains, type Instant, overlapMs, type Period } from "./instant.ts";
import type { Portion } from "./portion.ts";
import type { Incarnation, Sample } from "./sample.ts";
import { inOrder, isEnd } from "./timeline.ts";
import { inForce, type Voice } from "./voice.ts";

/** Growth, summed over incarnations. Growth between two readings is certain however far apart they are. */
export function counters(series: readonly Sample[], period: Period): Portion[] {
  return incarnationsOf(series).flatMap((life) => growths(inForce(inOrder(life)), period));
}

/** The end of a resource says nothing about a counter. */
function incarnationsOf(series: readonly Sample[]): Sample[][] {
  const lives = Map.groupBy(
    series.filter((sample) => !isEnd(sample)),
    ({ incarnation }) => incarnationKey(incarnation),
  );
  return [...lives.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, life]) => life);
}

export const incarnationKey = (incarnation: Incarnation | undefined): string =>
  incarnation === undefined ? "" : JSON.stringify([incarnation.host, incarnation.device, incarnation.startedAt]);

interface Mark {
  readonly at: Instant;
  readonly value: bigint;
}

/** Growth of one incarnation. Every reading is counted, but of several at one instant only the last one counts. */
export function growths(voices: readonly Voice[], period: Period): Portion[] {
  const read = voices
    .filter(({ sample }) => contains(period, sample.at))
    .map(({ stated }): Portion => ({ holder: stated, quantity: 0n, readings: 1 }));
  const heard = voices.filter(({ sample }, index) => voices[index + 1]?.sample.at !== sample.at);
  const grown = heard.flatMap((voice, index): Portion[] => {
    const from = heard[index - 1]?.sample ?? beginning(voice.sample);
    return from === undefined ? [] : [growth(from, voice, period)];
  });
  return [...read, ...grown];
}

/** Only a counter whose beginning was witnessed is known to have begun at zero. */
function beginning({ incarnation, at }: Sample): Mark | undefined {
  return incarnation?.witnessed === true && incarnation.startedAt < at
    ? { at: incarnation.startedAt, value: 0n }
    : undefined;
}

/** A counter that went down within one incarnation proves nothing: it is a new baseline, and that costs us. */
function growth(from: Mark, { sample, stated }: Voice, period: Period): Portion {
  const dropped = sample.value < from.value;
  return {
    holder: stated,
    quantity: dropped ? 0n : share(from, sample, period),
    observedMs: overlapMs({ start: from.at, end: sample.at }, period),
    counterDropped: dropped && contains(period, sample.at) ? 1 : 0,
  };
}

/** A period's share of the growth between two readings: whole numbers, and adjacent periods always add up. */
function share(from: Mark, to: Mark, { start, end }: Period): bigint {
  const total = to.value - from.value;
  const spread = (moment: Instant): bigint => {
    if (moment <= from.at) return 0n;
    if (moment >= to.at) return total;
    return (total * BigInt(moment - from.at)) / BigInt(to.at - from.at);
  };
  return spread(end) - spread(start);
}
