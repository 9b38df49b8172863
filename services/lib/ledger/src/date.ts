import type { Instant } from "@raingauge/domain";

/** The calendar day of an instant in a zone: `2026-04-01`. */
export function dateIn(moment: Instant, zone: string): string {
  const parts = calendar(zone).formatToParts(moment);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
}

/** To make one takes longer than to number and chain a document. */
function calendar(zone: string): Intl.DateTimeFormat {
  const known = CALENDARS.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    calendar: "gregory",
    numberingSystem: "latn",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  CALENDARS.set(zone, made);
  return made;
}

const CALENDARS = new Map<string, Intl.DateTimeFormat>();

/** So many calendar days later; no clock change makes a day longer or shorter. */
export const daysAfter = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
