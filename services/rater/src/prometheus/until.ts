import type { Instant, Period, Rational, Scope, Usage } from "@raingauge/domain";
import { NAMELESS, type Totals, totals } from "../cost-groups.ts";
import { type DraftSources, liveCosts, liveTotals, PriceBookMissing, type ProjectCost } from "../drafts.ts";
import { monthName } from "../months.ts";
import type { Calendar } from "../period-query.ts";
import { billKey, type FrozenParts, frozenCosts, late } from "./frozen.ts";
import type { Notices } from "./notices.ts";

export interface UntilParts extends DraftSources {
  readonly ledger: DraftSources["ledger"] & FrozenParts["ledger"];
  readonly calendar: Calendar;
  readonly book: string;
  readonly notes: Notices;
}

/** Up to when a month is looked at, and for whom. */
export interface Until {
  readonly month: Period;
  readonly end: Instant;
  readonly scope: Scope;
}

/** What a month had come to by these terms. */
export async function totalsUntil(parts: UntilParts, until: Until, terms: readonly string[]): Promise<Totals> {
  if (until.end <= until.month.start) return new Map();
  if (until.end === until.month.end) return totals(await costsUntil(parts, until), terms);
  return rated(parts, until, new Map(), (unpriced) =>
    liveTotals(parts, termsOf(parts, until), until.scope, { terms, naming: NAMELESS, unpriced }),
  );
}

/** Used by then, and no price says what it costs. */
export async function unpricedUntil(parts: UntilParts, until: Until): Promise<readonly Usage[]> {
  if (until.end === until.month.end) return (await costsUntil(parts, until)).flatMap(({ unpriced }) => unpriced);
  const found: Usage[] = [];
  await rated(parts, until, undefined, async (unpriced) => {
    const both = (usage: Usage): void => {
      found.push(usage);
      unpriced(usage);
    };
    await liveTotals(parts, termsOf(parts, until), until.scope, { terms: [], naming: NAMELESS, unpriced: both });
    return undefined;
  });
  return found;
}

/** Project by project, as it would be billed; at the end of a month that was closed, as it was frozen then. */
export async function costsUntil(parts: UntilParts, until: Until): Promise<readonly ProjectCost[]> {
  const { month, end, scope } = until;
  if (end <= month.start) return [];
  const live = await rated(parts, until, [], async (unpriced) => {
    const costs = await liveCosts(parts, termsOf(parts, until), scope);
    costs.flatMap((each) => each.unpriced).forEach(unpriced);
    return costs;
  });
  if (end < month.end) return live;
  const frozen = await frozenCosts(parts, month, scope);
  const came = late(frozen, live);
  if (came.length > 0)
    parts.notes.warn(
      `late data: readings of ${came.join(", ")} came after ${nameOf(month, parts)} was closed, and are not in it`,
    );
  const closed = new Set(frozen.map(billKey));
  return [...frozen, ...live.filter((each) => !closed.has(billKey(each)))];
}

/** Says of what has no price that it is not in the numbers; of a month without a price book nothing is. */
async function rated<T>(
  parts: UntilParts,
  { month }: Until,
  nothing: T,
  work: (unpriced: (usage: Usage) => void) => Promise<T>,
): Promise<T> {
  const { notes } = parts;
  const unrated = new Set<string>();
  try {
    const answer = await work(({ meter }) => unrated.add(meter));
    for (const meter of unrated) notes.warn(`not rated: no price says what some usage of ${meter} costs`);
    return answer;
  } catch (error) {
    if (!(error instanceof PriceBookMissing)) throw error;
    notes.warn(`not rated: ${error.message} ${nameOf(month, parts)}`);
    return nothing;
  }
}

const termsOf = ({ calendar, book }: UntilParts, { month, end }: Until) => ({
  period: { start: month.start, end },
  zone: calendar.zone,
  book,
});

export const nameOf = (month: Period, { calendar }: Pick<UntilParts, "calendar">): string =>
  monthName(month, calendar.zone) ?? "";

/** The one place where an exact cost becomes a float: to be looked at, right to far below the cent. */
export const floatOf = ({ numerator, denominator }: Rational): number =>
  Number((numerator * PICO) / denominator) / Number(PICO);

const PICO = 10n ** 12n;
