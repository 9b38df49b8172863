import { at, type Period } from "@raingauge/domain";
import type { BillingTerms } from "./bill.ts";
import { type CostGroup, type Naming, type Totals, together } from "./cost-groups.ts";
import { bookInForce } from "./drafts.ts";
import { type GrowthSources, liveGrowth } from "./live-growth.ts";
import { monthOf } from "./months.ts";
import type { GrowthAsked } from "./plain-growth.ts";

/** A question about parts of any period, which touch; whose a project is and how a resource is tagged is told of each month. */
export interface PeriodAsked extends Omit<GrowthAsked, "naming"> {
  readonly namingIn: (month: Period) => Promise<Naming>;
}

/**
 * What each part of a period adds to what its projects cost. Tiers, caps and allowances begin anew with each month of the zone,
 * so that every month is looked at from its beginning and what came before the period is left out. A month without a price book
 * is as good as any where nobody used anything; throws PriceBookMissing where that is so of the whole period, to its last month.
 */
export async function periodGrowth(
  sources: GrowthSources,
  { zone, book }: Omit<BillingTerms, "period">,
  { parts, namingIn, ...asked }: PeriodAsked,
): Promise<CostGroup[]> {
  const found = parts.map((): Totals[] => []);
  const all = months(parts, zone);
  let isBilled = false;
  for (const month of all) {
    const pieces = parts.flatMap((part, index) => piece(part, month, index));
    const first = pieces[0]?.start ?? month.start;
    const before = first > month.start ? [{ start: month.start, end: first }] : [];
    const naming = await namingIn(month);
    const grown = await liveGrowth(
      sources,
      { period: month, zone, book },
      { ...asked, naming, parts: [...before, ...pieces] },
    );
    if (grown === undefined) continue;
    isBilled = true;
    for (const [index, { part }] of pieces.entries()) found[part]?.push(grown[before.length + index] ?? new Map());
  }
  const last = all.at(-1);
  if (!isBilled && last !== undefined) await bookInForce(sources.ledger, book, last);
  return parts.flatMap((part, index) => together(found[index] ?? [], part));
}

/** The months that parts reach into. */
function months(parts: readonly Period[], zone: string): Period[] {
  const [first, last] = [parts.at(0), parts.at(-1)];
  const found: Period[] = [];
  if (first === undefined || last === undefined) return found;
  for (let month = monthOf(first.start, zone); month.start < last.end; month = monthOf(month.end, zone))
    found.push(month);
  return found;
}

/** What of a part lies in a month. */
function piece(part: Period, month: Period, index: number): (Period & { readonly part: number })[] {
  const start = at(Math.max(part.start, month.start));
  const end = at(Math.min(part.end, month.end));
  return start < end ? [{ start, end, part: index }] : [];
}
