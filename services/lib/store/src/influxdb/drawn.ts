import { at, type Instant, inOrder, isEnd, PAIRING_MS, type Period, untilFinalEnd } from "@raingauge/domain";
import { type ReadingQuery, readings, type StoredSample, seriesAsked } from "./readings.ts";
import { disturbedSince } from "./rolled-up/disturbed.ts";
import { type SeriesKey, seriesKey } from "./rolled-up/series.ts";
import { readGrounds } from "./rolled-up/sources.ts";
import { readTails, type Tail } from "./rolled-up/tail.ts";
import { wholeOf } from "./rolled-up/whole.ts";
import type { Seen } from "./seen.ts";

/** A transition told again and again, each time within two seconds of the last, ends within this. */
const TELLINGS_MS = 30 * PAIRING_MS;

/**
 * At least those readings that decide which points are drawn inside a period: all inside, and of what was before what still says
 * whose a resource is and what. That is known from what roll-ups left; a series of which it is not is read whole.
 */
export async function drawnFrom(seen: Seen, query: ReadingQuery, period: Period): Promise<StoredSample[]> {
  const { rolled } = seen.commits;
  if (rolled === undefined) return readings(seen, query, { to: period.end });
  const where = seriesAsked(query);
  const from = at(Math.max(0, Math.min(period.start - TELLINGS_MS, rolled.horizon)));
  const [tails, inside, marks, grounds] = await Promise.all([
    readTails(seen.server, rolled, where),
    readings(seen, query, { from, to: period.end }),
    disturbedSince(seen.server, rolled.since, where),
    readGrounds(seen.server, rolled),
  ]);
  const byKey = Map.groupBy(inside, seriesKey);
  const unclear = new Set<SeriesKey>();
  const found: StoredSample[][] = [];
  for (const [key, mine] of byKey) {
    const tail = tails.get(key);
    const known = [...(tail?.decisive.filter((sample) => sample.at < from) ?? []), ...mine];
    const isRolled = grounds.meters.has(mine[0]?.meter ?? "");
    if (!isRolled || marks.has(key) || !isClear(tail, known, period.start)) unclear.add(key);
    else found.push(known);
  }
  return [...found, ...(await wholeOf(seen, unclear, undefined)).values()].flat();
}

/** Whether all that is drawn is known to be of something: what is only sighted goes by what was stated last before it. */
function isClear(tail: Tail | undefined, known: readonly StoredSample[], start: Instant): boolean {
  if (tail === undefined) return true;
  const { alive } = untilFinalEnd(inOrder(known));
  const shown = alive.filter((sample) => sample.at >= start && !isEnd(sample));
  const firsts = new Map<string, StoredSample>();
  for (const sample of shown) {
    const life = lifeOf(sample);
    if (!firsts.has(life)) firsts.set(life, sample);
  }
  return [...firsts].every(([life, first]) => first.stance === "states" || isStandingBefore(tail, life, start));
}

/** Whether the last statement that roll-ups know of a life was made before an instant, or there is none at all. */
function isStandingBefore({ decisive }: Tail, life: string, start: Instant): boolean {
  const statements = decisive.filter((sample) => sample.stance === "states" && lifeOf(sample) === life);
  return statements.every((sample) => sample.at < start);
}

/** What a line of a diagram goes on with, though a counter begins anew. */
const lifeOf = ({ incarnation }: StoredSample): string => JSON.stringify([incarnation?.host, incarnation?.device]);
