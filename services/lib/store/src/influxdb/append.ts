import type { Instant, Sample } from "@raingauge/domain";
import type { AppendResult, Arrival } from "../store.ts";
import { type CoverageTold, coverageLine, coveragePrefix } from "./coverages.ts";
import { type Row, text } from "./csv.ts";
import { eventLine, eventPrefix } from "./events.ts";
import { messageLine, type NewEvent, newEvents } from "./messages.ts";
import { isLater, type Newest, note } from "./newest.ts";
import { type NewReading, newReadings, standing } from "./novelty.ts";
import { keyOf, newPositions, positionLine } from "./positions.ts";
import type { Prefixes } from "./prefixes.ts";
import { isThere, readingLine, readingPrefix } from "./readings.ts";
import { disturbedLine } from "./rolled-up/disturbed.ts";
import type { Seen } from "./seen.ts";
import { transact, type Writing } from "./transaction.ts";

/**
 * Stores what is new among arrivals. Wherever this is cut off, nothing of it is seen: its points come to count by the last
 * line alone, and whatever was written of them is overwritten when the arrivals come again.
 */
export async function append(
  seen: Seen,
  { prefix, newest }: Memory,
  arrivals: readonly Arrival[],
  writing: Writing,
): Promise<AppendResult> {
  const fresh = await newPositions(seen, arrivals);
  const total = arrivals.reduce((sum, { batch }) => sum + batch.samples.length + batch.events.length, 0);
  if (fresh.length === 0) return { stored: 0, duplicates: total };

  return transact(seen, writing, async (storedAt) => {
    const readings = await readingLines(seen, { prefix, newest }, fresh, storedAt);
    const events = await eventLines(seen, prefix, fresh, storedAt);
    const coverage = await coverageLines(seen, prefix, fresh, storedAt);
    const positions = fresh.map(({ position }) => positionLine(position, storedAt));
    const stored = readings.stored + events.stored;
    return {
      lines: [...readings.lines, ...events.lines, ...coverage, ...positions],
      result: { stored, duplicates: total - stored, ...(readings.late === 0 ? {} : { late: readings.late }) },
    };
  });
}

/** What is remembered between appends; nothing that the server does not know. */
export interface Memory {
  readonly prefix: Prefixes;
  readonly newest: Newest;
}

interface Lines {
  readonly lines: readonly string[];
  readonly stored: number;
}

async function readingLines(
  seen: Seen,
  { prefix, newest }: Memory,
  fresh: readonly Arrival[],
  storedAt: Instant,
): Promise<Lines & { readonly late: number }> {
  const samples = fresh.flatMap(({ batch }) => batch.samples);
  const doubtful = samples.filter((sample) => !isLater(newest, readingPrefix(prefix, sample), sample));
  const { rows, slots } = await standing(seen, "reading", doubtful, ["id", "sequence", "message", "stored"]);
  const kept = await standingKept(seen, doubtful);
  const news: readonly NewReading[] = newReadings(samples, [...rows.filter(isThere(seen.commits)), ...kept]);
  const isLate = ({ sample, again }: NewReading): boolean =>
    !again && sample.at < (seen.commits.frozen?.horizon ?? Number.NEGATIVE_INFINITY);
  const lines = news.map((each) => {
    const { sample } = each;
    const series = readingPrefix(prefix, sample);
    note(newest, series, sample);
    const time = slots.take(series, sample.at, sample.id);
    return readingLine(series, { ...sample, storedAt, isLate: isLate(each) }, time);
  });
  const rolledTo = seen.commits.rolled?.horizon ?? Number.NEGATIVE_INFINITY;
  const disturbed = news.filter(({ sample }) => sample.at < rolledTo);
  return {
    lines: [...lines, ...disturbed.map(({ sample }) => disturbedLine(prefix, sample, storedAt))],
    stored: news.filter(({ again }) => !again).length,
    late: news.filter(isLate).length,
  };
}

/** What stayed of the readings before the horizon may be told again. */
const standingKept = async (seen: Seen, doubtful: readonly Sample[]): Promise<readonly Row[]> => {
  const { frozen } = seen.commits;
  if (frozen === undefined) return [];
  const old = doubtful.filter(({ at }) => at < frozen.horizon);
  const { rows } = await standing(seen, "kept", old, ["id", "sequence", "message", "stored"]);
  return rows.filter((row) => text(row, "freezing") === String(frozen.since));
};

async function eventLines(seen: Seen, prefix: Prefixes, fresh: readonly Arrival[], storedAt: Instant): Promise<Lines> {
  const news: readonly NewEvent[] = await newEvents(
    seen,
    fresh.flatMap(({ batch }) => batch.events),
  );
  const { slots } = await standing(
    seen,
    "event",
    news.map(({ event }) => ({ at: event.at })),
  );
  const lines = news.flatMap((each) => {
    const { event } = each;
    const series = eventPrefix(prefix, event);
    return [messageLine(each, storedAt), eventLine(series, event, slots.take(series, event.at, event.id), storedAt)];
  });
  return { lines, stored: news.length };
}

async function coverageLines(
  seen: Seen,
  prefix: Prefixes,
  fresh: readonly Arrival[],
  storedAt: Instant,
): Promise<string[]> {
  const told = fresh
    .flatMap(({ position, batch }) =>
      batch.coverage.map((coverage, index) => ({ id: `${keyOf(position)}\n${index}`, coverage })),
    )
    .map((each, rank): CoverageTold => ({ ...each, rank }));
  const { slots } = await standing(
    seen,
    "coverage",
    told.map(({ coverage }) => ({ at: coverage.period.start })),
  );
  return told.map((each) => {
    const series = coveragePrefix(prefix, each.coverage);
    return coverageLine(series, each, slots.take(series, each.coverage.period.start, each.id), storedAt);
  });
}
