import { type Instant, instant, type Period } from "@raingauge/domain";
import { z } from "zod";
import { monthNamed, monthOf } from "./months.ts";
import { Problem } from "./problems.ts";

export const PeriodText = z
  .string()
  .optional()
  .describe(
    "A month of the account's zone, `2026-03`, or two instants in UTC, `2026-03-01T00:00:00Z/2026-03-02T00:00:00Z`; the current month when absent.",
  );

export const MonthText = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, "not a month such as 2026-03")
  .describe("A month of the account's zone, `2026-03`.");

export interface Calendar {
  readonly zone: string;
  readonly clock: () => Instant;
}

/** Long enough for a year and a leap day; a longer question is better asked in parts. */
const PERIOD_DAYS_MAX = 366;

/** The period that a caller named. */
export function periodOf(text: string | undefined, { zone, clock }: Calendar): Period {
  if (text === undefined) return monthOf(clock(), zone);
  const [start, end] = text.split("/");
  try {
    const period = end === undefined ? monthNamed(text, zone) : { start: instant(start ?? ""), end: instant(end) };
    if (period.end > period.start && period.end - period.start <= PERIOD_DAYS_MAX * 86_400_000) return period;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  const says = `not a month such as 2026-03, nor two instants in UTC apart by a slash, at most ${PERIOD_DAYS_MAX} days long`;
  throw new Problem("REQUEST_INVALID", "", [{ where: "querystring.period", says }]);
}

/** One instant in UTC. */
export const MomentText = z.string().transform((text, context) => {
  try {
    return instant(text);
  } catch {
    context.addIssue({ code: "custom", message: "not an instant in UTC such as 2026-03-01T00:00:00Z" });
    return z.NEVER;
  }
});
