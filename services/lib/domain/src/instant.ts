import { dateOf, daysSinceEpoch } from "./day.ts";

/** Milliseconds since the Unix epoch, UTC. Branded so that a duration cannot pass for a date. */
export type Instant = number & { readonly __instant: never };

/** Half-open: a reading at `end` belongs to the next period, so periods tile without overlap. */
export interface Period {
  readonly start: Instant;
  readonly end: Instant;
}

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;

const ISO_UTC = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?Z$/;

/**
 * An ISO 8601 instant in UTC, to the millisecond; finer digits are cut off, never rounded up into the next second. POSIX
 * knows no leap second: 23:59:60 is read as 23:59:59. Throws RangeError for anything else: a local time has no place in a bill.
 */
export function instant(iso: string): Instant {
  const parts = ISO_UTC.exec(iso);
  if (parts === null) throw new RangeError(`not an instant in UTC: ${iso}`);
  const [, year, month, day, hour, minute, second = "0", fraction = ""] = parts;
  const days = daysSinceEpoch(Number(year), Number(month), Number(day));
  if (days === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) {
    throw new RangeError(`not an instant in UTC: ${iso}`);
  }
  const seconds = (days * 24 + Number(hour)) * 3600 + Number(minute) * 60 + Math.min(Number(second), 59);
  return (seconds * SECOND_MS + Number(fraction.padEnd(3, "0").slice(0, 3))) as Instant;
}

export const at = (ms: number): Instant => ms as Instant;

/** Lifecycle instants are whole seconds, truncated, so that legacy and versioned notifications agree. */
export const wholeSecond = (moment: Instant): Instant => at(moment - mod(moment, SECOND_MS));

export const hourOf = (moment: Instant): Instant => at(moment - mod(moment, HOUR_MS));

export const contains = (period: Period, moment: Instant): boolean => period.start <= moment && moment < period.end;

export const lengthMs = ({ start, end }: Period): number => Math.max(0, end - start);

/** How long two periods overlap, in milliseconds. */
export const overlapMs = (a: Period, b: Period): number =>
  Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start));

/** The instant as ISO 8601 in UTC; milliseconds only where there are any. */
export function iso(moment: Instant): string {
  const { year, month, day } = dateOf(Math.floor(moment / (24 * HOUR_MS)));
  const inDay = mod(moment, 24 * HOUR_MS);
  const time = [inDay / HOUR_MS, (inDay / MINUTE_MS) % 60, (inDay / SECOND_MS) % 60]
    .map((part) => two(Math.floor(part)))
    .join(":");
  const ms = inDay % SECOND_MS;
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${time}${ms === 0 ? "" : `.${String(ms).padStart(3, "0")}`}Z`;
}

const two = (part: number): string => String(part).padStart(2, "0");

const mod = (value: number, by: number): number => ((value % by) + by) % by;
