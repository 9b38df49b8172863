import { unnamed } from "../label-set.ts";
import { distinct, type Line, mapped, type Value } from "./value.ts";

/** Of seconds since the epoch, in UTC. */
const DATES: Readonly<Record<string, (date: Date) => number>> = {
  minute: (date) => date.getUTCMinutes(),
  hour: (date) => date.getUTCHours(),
  day_of_week: (date) => date.getUTCDay(),
  day_of_month: (date) => date.getUTCDate(),
  day_of_year: (date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1,
  days_in_month: (date) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate(),
  month: (date) => date.getUTCMonth() + 1,
  year: (date) => date.getUTCFullYear(),
};

/** Undefined where no function of a date has that name. Without an argument they tell of the instant of evaluation. */
export function dateFunction(
  name: string,
  now: readonly Line[] | undefined,
  given: () => readonly Line[],
): Value | undefined {
  const of = DATES[name];
  if (of === undefined) return undefined;
  const by = (seconds: number): number =>
    Number.isFinite(seconds) ? of(new Date(Math.trunc(seconds) * 1_000)) : Number.NaN;
  return { kind: "vector", lines: distinct((now ?? given()).map((line) => mapped(line, unnamed(line.labels), by))) };
}
