import { contains, type Instant, overlapMs, type Period } from "./instant.ts";
import type { Holder, Portion } from "./portion.ts";
import type { Incarnation, Sample } from "./sample.ts";
import { inOrder } from "./timeline.ts";

/** Growth, summed over incarnations. Growth between two readings is certain however far apart they are. */
export function counters(series: readonly Sample[], period: Period): Portion[] {
  return incarnationsOf(series).flatMap((life) => growths(inOrder(life), period));
}

function incarnationsOf(series: readonly Sample[]): Sample[][] {
  const lives = new Map<string, Sample[]>();
  for (const sample of series) {
    const key = incarnationKey(sample.incarnation);
    const life = lives.get(key);
    if (life === undefined) lives.set(key, [sample]);
    else life.push(sample);
  }
  return [...lives.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, life]) => life);
}

export const incarnationKey = (incarnation: Incarnation | undefined): string =>
  incarnation === undefined ? "" : JSON.stringify([incarnation.host, incarnation.device, incarnation.startedAt]);

interface Mark {
  readonly at: Instant;
  readonly value: bigint;
}

function growths(ordered: readonly Sample[], period: Period): Portion[] {
  const readings = lastOfEachInstant(ordered);
  const holders = holdersOf(readings);
  return readings.flatMap((sample, index): Portion[] => {
    const holder = holders[index] ?? sample;
    const from = index === 0 ? beginning(sample) : readings[index - 1];
    const here = contains(period, sample.at);
    const told = ordered.filter((other) => other.at === sample.at).length;
    const read: Portion[] = here ? [{ holder, quantity: 0n, readings: told, counterDropped: from !== undefined && sample.value < from.value ? 1 : 0 }] : [];
    return from === undefined ? read : [...read, { holder, quantity: share(from, sample, period), observedMs: overlapMs({ start: from.at, end: sample.at }, period) }];
  });
}

const lastOfEachInstant = (ordered: readonly Sample[]): Sample[] => ordered.filter((sample, index) => ordered[index + 1]?.at !== sample.at);

/** Only a counter whose beginning was witnessed is known to have begun at zero. */
function beginning({ incarnation, at }: Sample): Mark | undefined {
  return incarnation?.witnessed === true && incarnation.startedAt < at ? { at: incarnation.startedAt, value: 0n } : undefined;
}

function holdersOf(readings: readonly Sample[]): Holder[] {
  let stated = readings.find(({ stance }) => stance === "states");
  return readings.map((sample) => {
    if (sample.stance === "states") stated = sample;
    return stated ?? sample;
  });
}

/** A period's share of the growth between two readings: whole numbers, and adjacent periods always add up. */
function share(from: Mark, to: Mark, { start, end }: Period): bigint {
  const total = growth(from.value, to.value);
  const spread = (moment: Instant): bigint => {
    if (moment <= from.at) return 0n;
    if (moment >= to.at) return total;
    return (total * BigInt(moment - from.at)) / BigInt(to.at - from.at);
  };
  return spread(end) - spread(start);
}

/** A counter that went down within one incarnation proves nothing: it is a new baseline, and that costs us. */
const growth = (before: bigint, after: bigint): bigint => (after >= before ? after - before : 0n);
