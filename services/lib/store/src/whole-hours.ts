import { at, HOUR_MS, hourOf, type Instant, type Period } from "@raingauge/domain";

/** The whole UTC hours of a period; an empty period at its start when it has none. */
export function wholeHours({ start, end }: Period): Period {
  const from = at(hourOf(at(start + HOUR_MS - 1)));
  const to = hourOf(end);
  return from < to ? { start: from, end: to } : { start, end: start };
}

/** Hours that the edges of a period cut: of frozen ones no reading tells any more in which minutes anything was. */
export const cutHours = ({ start, end }: Period): Instant[] => [
  ...new Set([start, end].filter((edge) => !isWholeHour(edge)).map(hourOf)),
];

export const isWholeHour = (moment: Instant): boolean => hourOf(moment) === moment;
