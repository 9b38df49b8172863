import { incarnationKey } from "./counter.ts";
import { heldUntil, merged, type Watch } from "./coverage.ts";
import { at, type Instant, type Period, SECOND_MS } from "./instant.ts";
import { countBefore, firstAfter, lastBefore } from "./line.ts";
import type { Meter } from "./meter.ts";
import type { Sample } from "./sample.ts";
import { inOrder, isEnd, isFirm, untilFinalEnd } from "./timeline.ts";
import { states } from "./voice.ts";

/**
 * The time in which one series measures differently as it `is` from as it `was`; outside of it, usage that was computed
 * before still stands. A reading reaches from its predecessor to its successor (or to the end of its hold); a statement on to
 * the next statement, and the first one back to the beginning; a final end to the last that was ever told. Oldest first.
 */
export function reach(meter: Meter, was: readonly Sample[], is: readonly Sample[], watch: Watch): Period[] {
  switch (meter.kind) {
    case "gauge":
      return merged(gaugeReach(meter, timelines(was, is), watch));
    case "cumulative":
      return merged(lives(was, is).flatMap(counterReach));
    case "delta":
      return merged(timelines(was, is).changed.map((sample) => instantOf(sample)));
  }
}

/** A series twice: as it was and as it is; what is in one of the two only; and all of it, oldest first. */
interface Timelines {
  readonly before: readonly Sample[];
  readonly after: readonly Sample[];
  readonly changed: readonly Sample[];
  readonly line: readonly Sample[];
}

function timelines(was: readonly Sample[], is: readonly Sample[]): Timelines {
  const before = inOrder(was);
  const after = inOrder(is);
  if (before.length === 0) return { before, after, changed: after, line: after };
  const gone = without(before, after);
  const come = without(after, before);
  const line = [...after, ...gone].toSorted((a, b) => a.at - b.at);
  return { before, after, changed: [...gone, ...come], line };
}

/** A telling is told apart from others of its instant alone: a store may have to work identities out. */
function without(samples: readonly Sample[], others: readonly Sample[]): Sample[] {
  const same = new Set(others);
  const strangers = samples.filter((sample) => !same.has(sample));
  if (strangers.length === 0) return [];
  const instants = new Set(strangers.map((sample) => sample.at));
  const rivals = Map.groupBy(
    others.filter((sample) => instants.has(sample.at)),
    (sample) => sample.at,
  );
  return strangers.filter(
    (sample) => !rivals.get(sample.at)?.some((rival) => tellingKey(rival) === tellingKey(sample)),
  );
}

/** One telling of a reading: the same reading told earlier may count in another order. */
const tellingKey = ({ id, sequence, message }: Sample): string => `${id}\n${sequence}\n${message}`;

function gaugeReach(meter: Meter, timelines: Timelines, watch: Watch): Period[] {
  const { before, after, changed, line } = timelines;
  const [first] = line;
  if (first === undefined || changed.length === 0) return [];
  const last = Math.max(lastEffect(meter, before, watch), lastEffect(meter, after, watch)) + 1;
  if (before.length === 0) return [{ start: first.at, end: at(last) }];
  const late = new Set([...untilFinalEnd(before).after, ...untilFinalEnd(after).after]);
  const firm = line.filter(isFirm);
  const statements = line.filter((sample) => states(sample) && !late.has(sample));

  const reachOf = (sample: Sample): Period => {
    const next = firstAfter(firm, sample.at);
    if (late.has(sample) || (sample.stance === "vanishes" && next !== undefined)) return instantOf(sample);
    const start = lastBefore(firm, sample.at)?.at ?? sample.at;
    const follower = sample.stance === "ends" ? undefined : states(sample) ? firstAfter(statements, sample.at) : next;
    return { start, end: follower === undefined ? at(last) : upTo(follower.at, line) };
  };
  return [...changed.map(reachOf), ...firstStatementReach(timelines, last)];
}

/** Before its first statement a series is measured by that one. */
function firstStatementReach({ before, after, line }: Timelines, last: number): Period[] {
  const was = untilFinalEnd(before).alive.find(states);
  const is = untilFinalEnd(after).alive.find(states);
  const [first] = line;
  if (first === undefined || was === is || was?.id === is?.id) return [];
  return [
    {
      start: first.at,
      end: was === undefined || is === undefined ? at(last) : upTo(at(Math.max(was.at, is.at)), line),
    },
  ];
}

/** A statement ends what was stated before, but for the weaker readings that share its instant. */
function upTo(moment: Instant, line: readonly Sample[]): Instant {
  const shared = line[countBefore(line, moment) + 1]?.at === moment;
  return shared ? at(moment + 1) : moment;
}

/** The last instant at which a series can say anything. */
function lastEffect(meter: Meter, ordered: readonly Sample[], watch: Watch): number {
  const seen = untilFinalEnd(ordered).alive.findLast(isFirm);
  const told = ordered.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  if (seen === undefined || isEnd(seen)) return told;
  return Math.max(told, meter.existence ? heldUntil(watch, seen.at) : seen.at + meter.silenceSeconds * SECOND_MS);
}

/** Counters are separate series, each from its beginning on; what ends a resource says nothing of them. */
function lives(was: readonly Sample[], is: readonly Sample[]): Timelines[] {
  const before = Map.groupBy(was.filter(isCount), keyOf);
  const after = Map.groupBy(is.filter(isCount), keyOf);
  return [...new Set([...before.keys(), ...after.keys()])].map((key) =>
    timelines(before.get(key) ?? [], after.get(key) ?? []),
  );
}

const isCount = (sample: Sample): boolean => !isEnd(sample);

const keyOf = ({ incarnation }: Sample): string => incarnationKey(incarnation);

/** Growth reaches up to the reading that shows it, which also tells whether the counter dropped. */
function counterReach(timelines: Timelines): Period[] {
  const { before, changed, line } = timelines;
  const [first] = line;
  const last = line.at(-1)?.at;
  if (first === undefined || last === undefined || changed.length === 0) return [];
  if (before.length === 0) return [{ start: beginningOf(first), end: at(last + 1) }];
  const statements = line.filter(states);
  const spans = changed.map((sample): Period => {
    const follower = states(sample)
      ? (firstAfter(statements, sample.at)?.at ?? last)
      : (firstAfter(line, sample.at)?.at ?? sample.at);
    return { start: lastBefore(line, sample.at)?.at ?? beginningOf(sample), end: at(follower + 1) };
  });
  return [
    ...spans,
    ...firstStatementReach(timelines, last + 1).map(
      ({ end }): Period => ({ start: beginningOf(first), end: at(end + 1) }),
    ),
  ];
}

const beginningOf = ({ at: moment, incarnation }: Sample): Instant =>
  at(Math.min(moment, incarnation?.startedAt ?? moment));

const instantOf = ({ at: moment }: Sample): Period => ({ start: moment, end: at(moment + 1) });
