import { at, type Calendar, type Day, type Instant } from "@raingauge/domain";
import { Temporal } from "temporal-polyfill";

/** When the days of a zone begin, by the time zone database that this program runs with. */
export const calendarOf = (zone: string): Calendar => ({
  startOf: (day) => at(Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds),
});

/** The same, but for the days that an invoice pinned: no new rule of a zone moves what was billed. */
export const pinnedCalendar = (zone: string, days: Readonly<Record<Day, Instant>>): Calendar => ({
  startOf: (day) => days[day] ?? calendarOf(zone).startOf(day),
});

/** A calendar with all that it was asked. */
interface RememberingCalendar extends Calendar {
  readonly days: Readonly<Record<Day, Instant>>;
}

export function remembering(calendar: Calendar): RememberingCalendar {
  const days: Record<Day, Instant> = {};
  return {
    days,
    startOf(day) {
      days[day] ??= calendar.startOf(day);
      return days[day];
    },
  };
}
