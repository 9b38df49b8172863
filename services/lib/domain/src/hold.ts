import { heldUntil, observedUntil, type Watch } from "./coverage.ts";
import { at, contains, type Instant, overlapMs, type Period, SECOND_MS } from "./instant.ts";
import type { Meter } from "./meter.ts";
import type { Holder, Portion } from "./portion.ts";
import type { Sample } from "./sample.ts";
import type { End } from "./usage.ts";

/**
 * A gauge is a step function: a reading holds its value until the next one or until its limit, and usage is the integral.
 * `ordered` is one series as `inOrder` gives it.
 */
export function holds(meter: Meter, ordered: readonly Sample[], period: Period, watch: Watch): Portion[] {
  const { alive, after } = untilFinalEnd(ordered);
  const marks = withoutRefutedEnds(alive);
  const voices = inForce(marks, meter);
  const steps = voices.flatMap((voice, index) => step(meter, voice, voices[index + 1], period, watch));
  const last = voices.at(-1);
  const late = after.filter((sample) => sample.stance !== "ends" && contains(period, sample.at)).length;
  const refuted = alive.filter((sample) => !marks.includes(sample) && contains(period, sample.at)).length;
  if (last === undefined || late + refuted === 0) return steps;
  return [...steps, { holder: last.holder, quantity: 0n, readings: refuted, afterEnd: late }];
}

/** An end is an end once, at the first instant that is certain; whatever is read later changes nothing. */
function untilFinalEnd(ordered: readonly Sample[]): { alive: readonly Sample[]; after: readonly Sample[] } {
  const end = ordered.findIndex(({ stance }) => stance === "ends");
  return end < 0 ? { alive: ordered, after: [] } : { alive: ordered.slice(0, end + 1), after: ordered.slice(end + 1) };
}

/** An inferred end yields to any later reading: what is there now had not gone. */
function withoutRefutedEnds(ordered: readonly Sample[]): readonly Sample[] {
  const lastSeen = ordered.findLast(({ stance }) => stance !== "vanishes");
  return ordered.filter(({ stance, at: moment }) => stance !== "vanishes" || lastSeen === undefined || moment >= lastSeen.at);
}

/** A reading with what is in force from it on: the project, the dimensions and the value. */
interface Voice {
  readonly sample: Sample;
  readonly holder: Holder;
  readonly value: bigint;
}

/**
 * A statement holds until the next one; a sighting keeps it (before the first: the first), for an existence meter its value
 * too, so that any interleaving of sightings leaves the charge unchanged.
 */
function inForce(ordered: readonly Sample[], meter: Meter): Voice[] {
  let stated = ordered.find(({ stance }) => stance === "states");
  return ordered.map((sample) => {
    if (sample.stance === "states") stated = sample;
    const holder = stated ?? sample;
    return { sample, holder, value: meter.existence ? holder.value : sample.value };
  });
}

function step(meter: Meter, voice: Voice, next: Voice | undefined, period: Period, watch: Watch): Portion[] {
  const { sample, holder, value } = voice;
  const reading: Portion[] = contains(period, sample.at) ? [{ holder, quantity: 0n, readings: 1 }] : [];
  if (sample.stance === "ends" || sample.stance === "vanishes") return [...reading, ...ended(voice, endOf(sample), period)];

  const { seen, held } = reach(meter, sample.at, next?.sample.at, watch);
  const observedMs = overlapMs({ start: sample.at, end: seen }, period);
  const inferredMs = overlapMs({ start: seen, end: held }, period);
  const silent = next === undefined ? ended(voice, { at: held, kind: "inferred" }, period) : [];
  return [...reading, { holder, quantity: value * BigInt(observedMs + inferredMs), observedMs, inferredMs }, ...silent];
}

const endOf = ({ stance, at: moment }: Sample): End => ({ at: moment, kind: stance === "ends" ? "final" : "inferred" });

const ended = ({ holder }: Voice, end: End, period: Period): Portion[] => (contains(period, end.at) ? [{ holder, quantity: 0n, end }] : []);

/** Until when a reading is observed and until when it is held; the time between the two is inferred. */
function reach(meter: Meter, from: Instant, next: Instant | undefined, watch: Watch): { seen: Instant; held: Instant } {
  if (!meter.existence) {
    const limit = from + meter.silenceSeconds * SECOND_MS;
    const held = at(Math.min(next ?? limit, limit));
    return { seen: held, held };
  }
  const held = next ?? heldUntil(watch, from);
  return { seen: at(Math.min(observedUntil(watch, from), held)), held };
}
