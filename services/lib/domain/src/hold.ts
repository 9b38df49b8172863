import { heldUntil, observedUntil, type Watch } from "./coverage.ts";
import { at, contains, type Instant, overlapMs, type Period, SECOND_MS } from "./instant.ts";
import type { Meter } from "./meter.ts";
import type { Portion } from "./portion.ts";
import type { Sample } from "./sample.ts";
import { isEnd, isFirm, untilFinalEnd } from "./timeline.ts";
import type { End } from "./usage.ts";
import { inForce, type Voice } from "./voice.ts";

/**
 * A gauge is a step function: a reading holds its value until the next one or until its limit, and usage is the integral.
 * `ordered` is one series as `inOrder` gives it.
 */
export function holds(meter: Meter, ordered: readonly Sample[], period: Period, watch: Watch): Portion[] {
  const { alive, after } = untilFinalEnd(ordered);
  const voices = inForce(alive);
  return [...readings(voices, after, period), ...steps(meter, voices, watch).flatMap((step) => portions(step, period))];
}

/** Every reading inside the period is counted once: as a reading, or as one that came after the end and changed nothing. */
function readings(voices: readonly Voice[], after: readonly Sample[], period: Period): Portion[] {
  const read = voices
    .filter(({ sample }) => contains(period, sample.at))
    .map(({ stated }): Portion => ({ holder: stated, quantity: 0n, readings: 1 }));
  const last = voices.at(-1);
  if (last === undefined) return read;
  const late = after
    .filter((sample) => contains(period, sample.at))
    .map(
      (sample): Portion => ({
        holder: last.stated,
        quantity: 0n,
        ...(isEnd(sample) ? { readings: 1 } : { afterEnd: 1 }),
      }),
    );
  return [...read, ...late];
}

/** One hold: of which value, from when, until when it is observed, and until when it lasts. Between the two it is inferred. */
interface Step {
  readonly holder: Sample;
  readonly value: bigint;
  readonly from: Instant;
  readonly seen: Instant;
  readonly held: Instant;
  /** Set on the last one. */
  readonly end?: End;
}

/** An inferred end that a later reading refutes is none: what is there now had not gone. */
function steps(meter: Meter, voices: readonly Voice[], watch: Watch): Step[] {
  const firm = voices.filter(({ sample }) => isFirm(sample));
  const gone = voices[voices.findLastIndex(({ sample }) => isFirm(sample)) + 1]?.sample.at;
  return firm.map((voice, index) => {
    const next = firm[index + 1]?.sample.at;
    return next === undefined ? lastStep(meter, voice, gone, watch) : step(meter, voice, next, watch);
  });
}

/** Being there before and after proves being there between; of a measured value nothing proves anything past its limit. */
function step(meter: Meter, { sample, stated }: Voice, next: Instant, watch: Watch): Step {
  const held = meter.existence ? next : earlier(next, limitOf(meter, sample.at, watch));
  const value = meter.existence ? stated.value : sample.value;
  return { holder: stated, value, from: sample.at, seen: earlier(held, seenUntil(meter, sample.at, watch)), held };
}

/** Nothing proves that the resource lasted until it was found gone, so an inferred end can shorten a hold, but never prolong it. */
function lastStep(meter: Meter, voice: Voice, gone: Instant | undefined, watch: Watch): Step {
  const { at: moment, stance } = voice.sample;
  if (stance === "ends") return { ...step(meter, voice, moment, watch), end: { at: moment, kind: "final" } };
  const limit = limitOf(meter, moment, watch);
  const held = gone === undefined ? limit : earlier(gone, limit);
  return { ...step(meter, voice, held, watch), end: { at: held, kind: "inferred" } };
}

const limitOf = (meter: Meter, moment: Instant, watch: Watch): Instant =>
  meter.existence ? heldUntil(watch, moment) : at(moment + meter.silenceSeconds * SECOND_MS);

const seenUntil = (meter: Meter, moment: Instant, watch: Watch): Instant =>
  meter.existence ? observedUntil(watch, moment) : limitOf(meter, moment, watch);

const earlier = (a: Instant, b: Instant): Instant => (a < b ? a : b);

function portions({ holder, value, from, seen, held, end }: Step, period: Period): Portion[] {
  const observedMs = overlapMs({ start: from, end: seen }, period);
  const inferredMs = overlapMs({ start: seen, end: held }, period);
  const ended = end !== undefined && contains(period, end.at);
  if (observedMs + inferredMs === 0 && !ended) return [];
  return [
    { holder, quantity: value * BigInt(observedMs + inferredMs), observedMs, inferredMs, ...(ended ? { end } : {}) },
  ];
}
