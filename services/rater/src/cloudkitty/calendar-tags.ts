import type { Instant } from "@raingauge/domain";

/** What CloudKitty writes on every data point, and groups by. In UTC; weeks begin on Sunday, as Python's %U has them. */
export function calendarTags(moment: Instant): Readonly<Record<string, string>> {
  const date = new Date(moment);
  const year = date.getUTCFullYear();
  const dayOfYear = Math.floor((moment - Date.UTC(year, 0, 1)) / DAY_MS);
  return {
    week_of_the_year: String(Math.floor((dayOfYear + 7 - date.getUTCDay()) / 7)).padStart(2, "0"),
    day_of_the_year: String(dayOfYear + 1),
    month: String(date.getUTCMonth() + 1),
    year: String(year),
  };
}

const DAY_MS = 86_400_000;

/** A calendar grouping's column, and the longest time that lies in one of its values. */
export const CALENDAR: Readonly<Record<string, { readonly term: string; readonly bucket: Bucket }>> = {
  time: { term: "time", bucket: "hour" },
  "time-d": { term: "day_of_the_year", bucket: "day" },
  "time-w": { term: "week_of_the_year", bucket: "day" },
  "time-m": { term: "month", bucket: "month" },
  "time-y": { term: "year", bucket: "month" },
};

export type Bucket = "hour" | "day" | "month" | "whole";

/** The column that a calendar tag makes needs times no longer than this. */
export const bucketOf = (terms: readonly string[]): Bucket => {
  const needed = new Set(Object.values(CALENDAR).flatMap(({ term, bucket }) => (terms.includes(term) ? [bucket] : [])));
  return (["hour", "day", "month"] as const).find((bucket) => needed.has(bucket)) ?? "whole";
};
