import { NO_USE } from "./discount.ts";
import { type Instant, lengthMs, overlapMs, type Period } from "./instant.ts";
import type { UnplacedLine } from "./invoice.ts";
import { formatMinor, fromMinor, toMinor } from "./money.ts";
import type { PriceBook } from "./price.ts";
import { minus, type Rational, rational, times } from "./rational.ts";
import type { Rounding } from "./rounding.ts";

/** What each project that is charged anything pays at least for a billing period. */
export interface Minimum {
  readonly amount: Rational;
  /** From when it is owed; of the period in which that lies, its share to the millisecond. */
  readonly since?: Instant;
}

/** What is missing to the minimum, after everything else. A project without a single line owes nothing: it is not a customer yet. */
export function shortfall(
  lines: readonly UnplacedLine[],
  { minimum, currency }: PriceBook,
  period: Period,
  rounding: Rounding,
): UnplacedLine[] {
  if (minimum === undefined || lines.length === 0) return [];
  const owed = owedFor(minimum, period);
  const total = lines.reduce((sum, { amount }) => sum + amount, 0n);
  const cost = minus(owed, fromMinor(total, currency));
  const amount = toMinor(cost, currency, rounding);
  if (amount <= 0n) return [];
  return [
    {
      kind: "minimum",
      sku: "minimum",
      description: `Up to the minimum of ${formatMinor(toMinor(owed, currency, rounding), currency)} ${currency}`,
      ...NO_USE,
      units: cost,
      unit: currency,
      tiers: [{ units: cost, amount: rational(1n), cost }],
      cost,
      amount,
    },
  ];
}

function owedFor({ amount, since }: Minimum, period: Period): Rational {
  if (since === undefined) return amount;
  const owedMs = overlapMs({ start: since, end: period.end }, period);
  return times(amount, rational(BigInt(owedMs), BigInt(lengthMs(period))));
}
