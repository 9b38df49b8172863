import {
  at,
  HOUR_MS,
  hourly,
  hourOf,
  type Instant,
  lives,
  type Meter,
  merged,
  type Period,
  reach,
  type Sample,
  type Usage,
  type Watch,
} from "@raingauge/domain";
import { FOREVER } from "../../forever.ts";
import type { Stale, Watching } from "../../sources.ts";
import type { HourRow } from "../hours.ts";
import type { StoredSample } from "../readings.ts";
import type { Seen } from "../seen.ts";
import type { RolledUp } from "./book.ts";
import { decisiveFrom, reachesBack, settledUntil } from "./decisive.ts";
import type { Marks } from "./disturbed.ts";
import { occupiedHours } from "./hours.ts";
import type { SeriesKey } from "./series.ts";
import type { Tail } from "./tail.ts";
import { resourceIn, wholeSeries } from "./whole.ts";

/** What a roll-up goes by. */
export interface Bench {
  readonly seen: Seen;
  readonly before: RolledUp | undefined;
  readonly rolled: RolledUp;
  readonly marks: Marks;
  readonly stale: readonly Stale[];
  readonly watchOf: Watching;
}

/** A series as the last roll-up left it, and what came since of what lies before this one's horizon. */
export interface Piece {
  readonly key: SeriesKey;
  readonly tail: Tail | undefined;
  readonly news: readonly StoredSample[];
}

/** What a roll-up says of a series. */
export interface Made {
  /** Nothing where there is no reading of it any more. */
  readonly tail: Tail | undefined;
  /** The hours of which it says anything … */
  readonly spans: readonly Period[];
  /** … what they hold … */
  readonly usages: readonly Usage[];
  readonly hours: number;
  /** … and what they held before. */
  readonly held: ReadonlyMap<Instant, readonly Usage[]>;
}

/** Whether anything changed of hours that are rolled up already. */
export function isDisturbed(
  { marks, stale, watchOf, rolled }: Bench,
  meter: Meter,
  { key, tail, news }: Piece,
): boolean {
  const region = (tail?.decisive[0] ?? news[0])?.region ?? "";
  if (marks.has(key) || stale.some((each) => each.meter === meter.name && each.region === region)) return true;
  if (tail === undefined) return false;
  const settled = settledUntil(meter, [...tail.decisive, ...news], rolled.horizon);
  return settled < tail.from || reachesBack(meter, tail, news, watchOf(region, meter.resourceType));
}

/** A series of which everything came in the order of things goes on from where it was. */
export function steadily({ rolled, seen, watchOf }: Bench, meter: Meter, { tail, news }: Piece): Made {
  const known = [...(tail?.decisive ?? []), ...news];
  const watch = watchOf(known[0]?.region ?? "", meter.resourceType);
  const until = settledUntil(meter, known, rolled.horizon);
  const start = tail?.from ?? reach(meter, [], known, watch)[0]?.start ?? until;
  const horizon = seen.commits.frozen?.horizon ?? at(0);
  const spans = inHours([{ start, end: until }], { start: horizon, end: until });
  return { ...hoursMade(meter, known, spans, watch), spans, tail: tailOf(meter, known, until), held: new Map() };
}

/** Any other is read whole, and the hours that its change reaches are made anew. */
export async function anew(
  bench: Bench,
  meter: Meter,
  pieces: readonly Piece[],
  occupy: (row: HourRow, time: bigint) => void,
): Promise<Made[]> {
  if (pieces.length === 0) return [];
  const { seen, before, rolled } = bench;
  const keys = pieces.map(({ key }) => key);
  const whole = await wholeSeries(seen, meter.name, keys, { to: rolled.horizon });
  const changed = pieces.map(({ key, tail }) => ({
    key,
    ...changeOf(bench, meter, { tail, all: whole.get(key) ?? [] }),
  }));
  const since = changed.reduce((first, { spans }) => at(Math.min(first, spans[0]?.start ?? first)), rolled.horizon);
  const held =
    before === undefined
      ? undefined
      : await occupiedHours(seen, before, since, {
          meter: meter.name,
          resources: keys.map(resourceIn),
        });
  for (const row of held?.rows ?? []) occupy(row, BigInt(row.time));
  return changed.map(({ key, ...made }) => ({ ...made, held: held?.hours.get(key) ?? new Map() }));
}

function changeOf(
  { seen, before, rolled, watchOf, stale }: Bench,
  meter: Meter,
  { tail, all }: { readonly tail: Tail | undefined; readonly all: readonly StoredSample[] },
): Omit<Made, "held"> {
  const region = all[0]?.region ?? "";
  const watch = watchOf(region, meter.resourceType);
  const until = settledUntil(meter, all, rolled.horizon);
  const was = all.filter(
    ({ storedAt, at: moment }) => before !== undefined && storedAt <= before.since && moment < before.horizon,
  );
  const others = stale.filter((each) => each.meter === meter.name && each.region === region);
  const reached = [
    ...reach(meter, was, all, watch),
    ...others.map((each): Period => ({ start: each.since, end: at(FOREVER) })),
    ...(tail === undefined ? [] : [{ start: at(Math.min(tail.from, until)), end: at(FOREVER) }]),
  ];
  const start = seen.commits.frozen?.horizon ?? at(0);
  return {
    ...hoursMade(meter, all, inHours(reached, { start, end: until }), watch),
    spans: inHours(reached, { start, end: at(Math.max(until, tail?.from ?? until)) }),
    tail: tailOf(meter, all, until),
  };
}

const tailOf = (meter: Meter, known: readonly StoredSample[], from: Instant): Tail | undefined =>
  known.length === 0 ? undefined : { from, decisive: decisiveFrom(meter, known, from) };

const hoursMade = (
  meter: Meter,
  known: readonly Sample[],
  spans: readonly Period[],
  watch: Watch,
): Pick<Made, "usages" | "hours"> => ({
  usages: spans.flatMap((span) => lives(meter, known).flatMap((life) => hourly(meter, life, span, watch))),
  hours: spans.reduce((sum, { start, end }) => sum + (end - start) / HOUR_MS, 0),
});

/** The hours that periods touch, inside another. */
const inHours = (periods: readonly Period[], within: Period): Period[] =>
  merged(periods.map(({ start, end }) => ({ start: hourOf(start), end: hourOf(at(end + HOUR_MS - 1)) })))
    .map(({ start, end }) => ({
      start: at(Math.max(start, within.start)),
      end: at(Math.min(end, within.end)),
    }))
    .filter(({ start, end }) => start < end);
