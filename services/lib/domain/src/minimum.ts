import { amounting, NO_USE } from "./adjusting-line.ts";
import { type Instant, lengthMs, overlapMs, type Period } from "./instant.ts";
import type { InvoiceTerms, UntaxedLine } from "./invoice.ts";
import { formatMinor, fromMinor, toMinor } from "./money.ts";
import { agreedBook } from "./override.ts";
import { minus, type Rational, rational, times } from "./rational.ts";

/** What is paid at least for a billing period. */
export interface Minimum {
  readonly amount: Rational;
  /** From when it is owed; of the period in which that lies, its share to the millisecond. */
  readonly since?: Instant;
  /** By all projects of an account together; by each that is charged anything where it is absent. */
  readonly scope?: "account";
}

/**
 * What is missing to the minimum of each project, then to that of the account, after everything else. A project without a
 * single line owes nothing: it is not a customer yet. What an account committed itself to it owes though it used nothing.
 */
export function minimums(lines: readonly UntaxedLine[], terms: InvoiceTerms): UntaxedLine[] {
  const { account, book, isPart } = terms;
  const own = [...Map.groupBy(lines, ({ project }) => project)].flatMap(([project, mine]) => {
    const { minimum } = agreedBook(book, { account: account.id, project });
    if (minimum === undefined || minimum.scope === "account" || project === undefined) return [];
    return shortfall(mine, minimum, terms).map((line) => ({ project, ...line }));
  });
  const { minimum } = agreedBook(book, { account: account.id });
  if (minimum?.scope !== "account" || isPart === true) return own;
  return [...own, ...shortfall([...lines, ...own], minimum, terms)];
}

function shortfall(
  lines: readonly UntaxedLine[],
  minimum: Minimum,
  { book: { currency }, period, rounding }: InvoiceTerms,
): UntaxedLine[] {
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
      ...amounting(cost),
      unit: currency,
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
