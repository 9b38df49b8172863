import { at, HOUR_MS, type Instant, type Period } from "@raingauge/domain";
import type { Bucket } from "./calendar-tags.ts";

/** A period cut at instants, and at the edges of hours, days or months in UTC. Pure. */
export function pieces(period: Period, bucket: Bucket, cuts: readonly Instant[]): Period[] {
  const inside = [...cuts, ...edges(period, bucket)].filter((cut) => cut > period.start && cut < period.end);
  const ordered = [period.start, ...[...new Set(inside)].toSorted((a, b) => a - b), period.end];
  return ordered.slice(1).flatMap((end, index) => {
    const start = ordered[index];
    return start === undefined || start >= end ? [] : [{ start, end }];
  });
}

/** Rules count for an hour when they are in force at its beginning: so a change counts from the next full hour. */
export const nextHour = (moment: Instant): Instant => at(Math.ceil(moment / HOUR_MS) * HOUR_MS);

function edges({ start, end }: Period, bucket: Bucket): Instant[] {
  switch (bucket) {
    case "whole":
      return [];
    case "hour":
      return every(HOUR_MS, start, end);
    case "day":
      return every(24 * HOUR_MS, start, end);
    case "month":
      return months(start, end);
  }
}

function every(step: number, start: Instant, end: Instant): Instant[] {
  const first = Math.ceil(start / step) * step;
  return Array.from({ length: Math.max(0, Math.ceil((end - first) / step)) }, (_, index) => at(first + index * step));
}

function months(start: Instant, end: Instant): Instant[] {
  const found: Instant[] = [];
  const first = new Date(start);
  for (let month = first.getUTCMonth(); ; month += 1) {
    const edge = at(Date.UTC(first.getUTCFullYear(), month, 1));
    if (edge >= end) return found;
    found.push(edge);
  }
}
