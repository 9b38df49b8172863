import { type Instant, lengthMs, type Period } from "./instant.ts";
import { compare, type Rational, rational, times } from "./rational.ts";

/** What somebody means to spend in a month, and who is told when it goes that way. It stops nothing: it tells. */
export interface Budget {
  readonly name: string;
  /** Whose costs are added up. Of an account's budget nobody's: it is of all that the account owes. */
  readonly projects: readonly string[];
  /** What this account owes without tax, whichever projects it has: fees, minimum and promotional credit among it. */
  readonly account?: string;
  /** For a month, in the currency of its bills, without tax. */
  readonly amount: Rational;
  readonly thresholds: readonly Threshold[];
  readonly webhook?: Webhook;
  /** Addresses. */
  readonly email: readonly string[];
}

export interface Threshold {
  readonly percent: Rational;
  /** What was spent so far, or what the month will come to if it goes on as it went. */
  readonly of: "actual" | "forecast";
}

export interface Webhook {
  readonly url: string;
  /** Signs what is sent, so that the receiver knows who sent it. Never shown. */
  readonly secret: string;
}

export interface Spending {
  readonly spent: Rational;
  /** Absent in a month's first day, which says nothing of the rest. */
  readonly forecast?: Rational;
}

/** As much again for the time that is left. It knows nothing of caps, fees and tiers, so that it errs upwards where they are. */
export function spending(spent: Rational, period: Period, now: Instant): Spending {
  const elapsed = Math.min(now, period.end) - period.start;
  if (elapsed < FIRST_DAY_MS) return { spent };
  return { spent, forecast: times(spent, rational(BigInt(lengthMs(period)), BigInt(elapsed))) };
}

const FIRST_DAY_MS = 86_400_000;

/** The thresholds that are reached. */
export const reached = ({ amount, thresholds }: Budget, { spent, forecast }: Spending): Threshold[] =>
  thresholds.filter(({ percent, of }) => {
    const value = of === "actual" ? spent : forecast;
    return value !== undefined && compare(times(value, rational(100n)), times(amount, percent)) >= 0;
  });
