import { at, type Instant, iso, type Period } from "@raingauge/domain";

/** A period's first and last day as its zone's calendar has them: `1 March 2026 – 31 March 2026`. */
const days = ({ start, end }: Period, zone: string): string => `${day(start, zone)} – ${day(at(end - 1), zone)}`;

export const day = (moment: Instant, zone: string): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone: zone, day: "numeric", month: "long", year: "numeric" }).format(moment);

/** `March 2026` where the period is that month in the zone; otherwise its days. */
export function monthOrDays(period: Period, zone: string): string {
  const month = monthIn(period.start, zone);
  const whole =
    dayOfMonth(period.start, zone) === "1" &&
    dayOfMonth(period.end, zone) === "1" &&
    monthIn(at(period.end - 1), zone) === month;
  return whole ? month : days(period, zone);
}

const monthIn = (moment: Instant, zone: string): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone: zone, month: "long", year: "numeric" }).format(moment);

const dayOfMonth = (moment: Instant, zone: string): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone: zone, day: "numeric" }).format(moment);

/** An instant to the second, in UTC, as a person reads it: `2026-03-01 00:00:00 UTC`. */
export const utc = (moment: Instant): string => iso(moment).replace("T", " ").replace("Z", " UTC");

/** The calendar's day in a zone, as programs write it: `2026-03-31`. */
export const calendarDay = (moment: Instant, zone: string): string => calendar(zone).format(moment);

/** To make one takes longer than to write a document's lines, and every document asks several times. */
function calendar(zone: string): Intl.DateTimeFormat {
  const known = CALENDARS.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  CALENDARS.set(zone, made);
  return made;
}

const CALENDARS = new Map<string, Intl.DateTimeFormat>();
