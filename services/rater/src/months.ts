import { at, type Instant, lengthMs, type Period } from "@raingauge/domain";
import { Temporal } from "temporal-polyfill";
import { byKey } from "./once.ts";

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/**
 * The calendar month named `2026-03` as an account's zone has it: from its first midnight to the next month's. Throws
 * RangeError for another name or an unknown zone.
 */
export function monthNamed(name: string, zone: string): Period {
  if (!MONTH.test(name)) throw new RangeError(`not a month: ${name}`);
  const month = Temporal.PlainYearMonth.from(name);
  return { start: firstInstant(month, zone), end: firstInstant(month.add({ months: 1 }), zone) };
}

/** The month in which an instant lies. */
export const monthOf = (moment: Instant, zone: string): Period => monthNamed(nameOf(moment, zone), zone);

/** `2026-03` for the period that is this month in the zone; undefined for a period that is no whole month. */
export function monthName(period: Period, zone: string): string | undefined {
  const name = nameOf(period.start, zone);
  const month = monthNamed(name, zone);
  return month.start === period.start && month.end === period.end ? name : undefined;
}

/** The month before the one that begins with `period`. */
export const monthBefore = (period: Period, zone: string): Period => monthOf(at(period.start - 1), zone);

/** What "a month" means to prices that name one: the length of the period's own month, 28 to 31 days and a clock change. */
export const monthMs = (period: Period, zone: string): bigint => BigInt(lengthMs(monthOf(period.start, zone)));

/** The same for many bills: the calendar of a zone is asked once, which takes longer than a bill. */
export const monthsOnce = (): typeof monthMs => byKey(monthMs, ({ start }, zone) => `${start} ${zone}`);

/** The calendar day of an instant in a zone: `2026-04-01`. */
export const dayIn = (moment: Instant, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(zone).toPlainDate().toString();

export function isZone(zone: string): boolean {
  try {
    Temporal.Now.zonedDateTimeISO(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const firstInstant = (month: Temporal.PlainYearMonth, zone: string): Instant =>
  at(month.toPlainDate({ day: 1 }).toZonedDateTime(zone).epochMilliseconds);

const nameOf = (moment: Instant, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(zone).toPlainDate().toPlainYearMonth().toString();
