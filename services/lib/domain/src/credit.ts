import { amounting, NO_USE } from "./adjusting-line.ts";
import { allocate } from "./allocate.ts";
import { type Instant, overlapMs } from "./instant.ts";
import type { Invoice, InvoiceTerms, UntaxedLine } from "./invoice.ts";
import { type Currency, fromMinor } from "./money.ts";
import { fits } from "./pattern.ts";
import { minus, rational, ZERO } from "./rational.ts";

/**
 * Money that an account has with us. Promotional credit was given: it lessens what is supplied, and so comes before the tax.
 * Prepaid credit was paid: it lessens what is left to be paid, after the tax. Granted once, it never changes; what becomes of
 * it is added beside it.
 */
export interface Credit {
  readonly id: string;
  readonly account: string;
  readonly kind: "promotional" | "prepaid";
  readonly currency: Currency;
  /** In minor units. */
  readonly amount: bigint;
  /** The lowest is drawn first; of equal ones that which ends first, then that which began first. */
  readonly priority: number;
  /** It pays for periods that overlap its validity. */
  readonly since?: Instant;
  readonly until?: Instant;
  /** What it pays for: articles, as patterns, and projects. Everything where neither is said. */
  readonly skus?: readonly string[];
  readonly projects?: readonly string[];
  readonly note: string;
}

/** A credit, and how much of it a bill can draw. */
export interface AvailableCredit extends Credit {
  readonly left: bigint;
}

/** How much of a credit was drawn, in minor units; what was given back is negative. */
export interface CreditUse {
  readonly credit: string;
  readonly amount: bigint;
}

/** What promotional credit takes off, a line for each credit that is drawn. */
export function promotions(lines: readonly UntaxedLine[], terms: InvoiceTerms): UntaxedLine[] {
  if (terms.isPart === true) return [];
  const { currency } = terms.book;
  const credits = usable(terms, "promotional");
  if (credits.length === 0) return [];
  return draw(credits, owing(lines)).map(({ credit, amount }) => {
    const cost = minus(ZERO, fromMinor(amount, currency));
    const note = credits.find(({ id }) => id === credit)?.note ?? "";
    return {
      kind: "credit",
      sku: credit,
      description: note === "" ? `Credit ${credit}` : `Credit ${credit}: ${note}`,
      ...NO_USE,
      ...amounting(cost),
      unit: currency,
      cost,
      amount: -amount,
    };
  });
}

/** What prepaid credit pays of a total: each line's share of it, tax and all, by what promotional credit left of the line. */
export function prepayments(lines: readonly UntaxedLine[], total: bigint, terms: InvoiceTerms): CreditUse[] {
  if (terms.isPart === true || total <= 0n) return [];
  const credits = usable(terms, "prepaid");
  if (credits.length === 0) return [];
  const net = owing(lines);
  const gross = allocate(
    total,
    net.map(({ left }) => rational(left)),
  );
  return draw(
    credits,
    net.map(({ line }, index) => ({ line, left: gross[index] ?? 0n })),
  );
}

const usable = ({ credits = [], book, period }: InvoiceTerms, wanted: Credit["kind"]): AvailableCredit[] =>
  credits
    .filter(({ kind, currency, since = period.start, until = period.end }) => {
      return kind === wanted && currency === book.currency && overlapMs({ start: since, end: until }, period) > 0;
    })
    .toSorted(
      (a, b) =>
        a.priority - b.priority ||
        (a.until ?? FOR_EVER) - (b.until ?? FOR_EVER) ||
        (a.since ?? -FOR_EVER) - (b.since ?? -FOR_EVER) ||
        (a.id < b.id ? -1 : 1),
    );

const FOR_EVER = 8_640_000_000_000_000;

/** A line that is to be paid, and what is left to be paid of it. */
interface Owing {
  readonly line: UntaxedLine;
  left: bigint;
}

/** What is off is taken from the lines that it is off, in proportion to what is left of each. */
function owing(lines: readonly UntaxedLine[]): Owing[] {
  const open = lines.filter(({ amount }) => amount > 0n).map((line): Owing => ({ line, left: line.amount }));
  const used = Map.groupBy(
    open.filter(({ line }) => line.kind === undefined),
    ({ line }) => line.project,
  );
  for (const off of lines.filter(({ amount }) => amount < 0n)) {
    const mine = off.kind === "discount" ? (used.get(off.project) ?? []) : open;
    const from = off.sku === "discount" ? mine : mine.filter(({ line }) => line.sku === off.sku);
    take(-off.amount, from.length === 0 ? open : from);
  }
  return open;
}

function take(amount: bigint, from: readonly Owing[]): void {
  const parts = allocate(
    amount,
    from.map(({ left }) => rational(left)),
  );
  for (const [index, each] of from.entries()) each.left -= parts[index] ?? 0n;
}

/** Credit after credit, from what is left of the lines that each may pay for. */
function draw(credits: readonly AvailableCredit[], lines: readonly Owing[]): CreditUse[] {
  const open = lines.map((each): Owing => ({ ...each }));
  return credits.flatMap((credit) => {
    const mine = open.filter(({ line, left }) => left > 0n && paysFor(credit, line));
    const due = mine.reduce((sum, { left }) => sum + left, 0n);
    const amount = least(credit.left, due);
    if (amount <= 0n) return [];
    take(amount, mine);
    return [{ credit: credit.id, amount }];
  });
}

/** `Math.min` knows no bigint. */
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const paysFor = ({ skus, projects }: Credit, { sku, project }: UntaxedLine): boolean =>
  (skus === undefined || fits(skus, sku)) &&
  (projects === undefined || (project !== undefined && projects.includes(project)));

/** What a document draws of credits, or gives back to them. */
export function drawn({ lines, prepaid = [] }: Pick<Invoice, "lines" | "prepaid">): CreditUse[] {
  const given = lines
    .filter(({ kind, of }) => kind === "credit" || of === "credit")
    .map(({ sku, amount }) => ({ credit: sku, amount: -amount }));
  return [...given, ...prepaid];
}

/** What is left to be paid of a document once prepaid credit paid its part. */
export const payable = ({ total, prepaid = [] }: Pick<Invoice, "total" | "prepaid">): bigint =>
  prepaid.reduce((left, { amount }) => left - amount, total);
