import { NO_USE } from "./adjusting-line.ts";
import type { Calendar } from "./calendar.ts";
import { type Day, dateOf, daysAfter, daysBetween, monthNumber, monthsAfter } from "./day.ts";
import { contains, HOUR_MS, type Instant, lengthMs, type Period } from "./instant.ts";
import type { InvoiceTerms, UntaxedLine } from "./invoice.ts";
import { toMinor } from "./money.ts";
import { agreedBook } from "./override.ts";
import { plus, type Rational, rational, times, ZERO } from "./rational.ts";

/**
 * What is owed for being a customer, whatever was used: cycle after cycle, each on the invoice of the period in which it
 * begins. It is neither discounted nor does it count for a minimum.
 */
export interface Fee {
  /** The article number, unique among the fees and prices of its book. */
  readonly sku: string;
  readonly description: string;
  /** For a whole cycle. */
  readonly amount: Rational;
  /** How long a cycle is. */
  readonly months: number;
  /** A day on which a cycle begins; the others are counted from it. The first of January where it is absent. */
  readonly anchor?: Day;
  readonly since?: Day;
  /** Its last day is the one before. */
  readonly until?: Day;
  /** How a cycle is charged of which it is owed for a part only. */
  readonly proration: Proration;
  readonly scope: "account" | "project";
}

/** By the time that the part and the cycle really last, by their calendar days, or not at all. */
export type Proration = "second" | "day" | "none";

/** Of each project that pays its use here when the fee falls due, then of the account. */
export function fees(lines: readonly UntaxedLine[], terms: InvoiceTerms): UntaxedLine[] {
  const { account, book, projects, isPart } = terms;
  const used = new Set(lines.map(({ project }) => project));
  const parts = projects.filter(({ id }) => used.has(id));
  const own = [...Map.groupBy(parts, ({ id }) => id)].flatMap(([project, mine]) => {
    const all = agreedBook(book, { account: account.id, project }).fees ?? [];
    const paysAt = (moment: Instant): boolean => mine.some(({ period }) => contains(period, moment));
    const due = all.filter(({ scope }) => scope === "project").flatMap((fee) => feeLine(fee, terms, paysAt));
    return due.map((line) => ({ project, ...line }));
  });
  if (isPart === true) return own;
  const whole = agreedBook(book, { account: account.id }).fees ?? [];
  return [...own, ...whole.filter(({ scope }) => scope === "account").flatMap((fee) => feeLine(fee, terms, ALWAYS))];
}

const ALWAYS = (): boolean => true;

function feeLine(fee: Fee, terms: InvoiceTerms, isPaidAt: (moment: Instant) => boolean): UntaxedLine[] {
  const { period, book, rounding, calendar } = terms;
  if (calendar === undefined) throw new RangeError(`the fee ${fee.sku} cannot be billed without a calendar`);
  const due = dueIn(fee, period, calendar).filter((part) => isPaidAt(part.due));
  const [first, last] = [due[0], due.at(-1)];
  if (first === undefined || last === undefined) return [];
  const units = due.map(({ share }) => share).reduce(plus, ZERO);
  const cost = times(units, fee.amount);
  return [
    {
      kind: "fee",
      sku: fee.sku,
      description: `${fee.description}, ${first.from} to ${daysAfter(last.to, -1)}`,
      ...NO_USE,
      units,
      unit: cycleName(fee.months),
      tiers: [{ units, amount: fee.amount, cost }],
      cost,
      amount: toMinor(cost, book.currency, rounding),
    },
  ];
}

const cycleName = (months: number): string => (months === 1 ? "month" : months === 12 ? "year" : `${months} months`);

/** The part of a cycle for which a fee is owed. */
interface DuePart {
  readonly from: Day;
  /** The day after its last. */
  readonly to: Day;
  readonly due: Instant;
  /** Of the whole cycle. */
  readonly share: Rational;
}

/** What falls due in a period: at the beginning of a cycle, or when the fee itself begins within one. */
export function dueIn(fee: Fee, period: Period, calendar: Calendar): DuePart[] {
  const anchor = fee.anchor ?? NEW_YEAR;
  const parts: DuePart[] = [];
  for (let index = cyclesBefore(fee, anchor, period.start); ; index += 1) {
    const start = monthsAfter(anchor, index * fee.months);
    if (calendar.startOf(start) >= period.end) return parts;
    const end = monthsAfter(anchor, (index + 1) * fee.months);
    const from = fee.since === undefined || fee.since <= start ? start : fee.since;
    const to = fee.until === undefined || fee.until >= end ? end : fee.until;
    if (from >= to) continue;
    const due = calendar.startOf(from);
    if (contains(period, due)) parts.push({ from, to, due, share: shareOf({ start, end, from, to }, fee, calendar) });
  }
}

const NEW_YEAR: Day = "2000-01-01";

/** A cycle that begins well before the instant, wherever on earth its days begin. */
function cyclesBefore({ months }: Fee, anchor: Day, moment: Instant): number {
  const { year, month } = dateOf(Math.floor(moment / (24 * HOUR_MS)) - 1);
  return Math.floor((year * 12 + month - 1 - monthNumber(anchor)) / months) - 1;
}

interface Cycle {
  readonly start: Day;
  readonly end: Day;
  readonly from: Day;
  readonly to: Day;
}

function shareOf({ start, end, from, to }: Cycle, { proration }: Fee, calendar: Calendar): Rational {
  switch (proration) {
    case "none":
      return rational(1n);
    case "day":
      return rational(BigInt(daysBetween(from, to)), BigInt(daysBetween(start, end)));
    case "second": {
      const between = (a: Day, b: Day): bigint =>
        BigInt(lengthMs({ start: calendar.startOf(a), end: calendar.startOf(b) }));
      return rational(between(from, to), between(start, end));
    }
  }
}
