import type { Period, Scope } from "@raingauge/domain";
import type { SampleStore, Total } from "@raingauge/store";
import { alikeTotals, usagesOnce } from "./alike.ts";
import type { Totals } from "./cost-groups.ts";
import { countsEach, type PlainBill, type Telling, type Use, usesOf } from "./plain-costs.ts";
import { type Pool, sums } from "./pools.ts";

export interface GrowthAsked extends Telling {
  /** Of one month from its beginning, touching. */
  readonly parts: readonly Period[];
  /** Whether the terms tell one resource from another. */
  readonly asksResources: boolean;
  readonly scope: Scope;
}

/**
 * What each part of a month adds to what plain bills cost, exactly as the drafts of their invoices would have it, without
 * making them: how much was used is asked for once, and of what it costs only that is reckoned anew which grew.
 */
export async function plainGrowth(
  store: Pick<SampleStore, "totals">,
  bills: readonly PlainBill[],
  question: GrowthAsked,
): Promise<Totals[]> {
  const { parts, terms } = question;
  const billOf = new Map(bills.map((bill) => [bill.project, bill]));
  const useOf = usesOnce(billOf, question);
  const grownBy = (totals: readonly Total[]): Totals => {
    const grown = new Set<Pool>();
    for (const total of totals) {
      const use = useOf(total);
      if (use === undefined) continue;
      use.pool.add(use.name, total.quantity);
      grown.add(use.pool);
    }
    const added = sums(terms);
    for (const pool of grown) pool.reckon(added);
    return added.totals();
  };
  const found: Totals[] = [];
  for (let first = 0; first < parts.length; first += PARTS_AT_ONCE) {
    const lot = parts.slice(first, first + PARTS_AT_ONCE);
    const byStart = Map.groupBy(await quantities(store, bills, lot, question), ({ period }) => period.start);
    found.push(...lot.map(({ start }) => grownBy(byStart.get(start) ?? [])));
  }
  return found;
}

/** The days of a month together; a month of hours is held a day and a half at a time. */
const PARTS_AT_ONCE = 32;

/** What resources used alone of meters of which a price, or who asks, tells one from another; of others, what alike ones did. */
async function quantities(
  store: Pick<SampleStore, "totals">,
  bills: readonly PlainBill[],
  parts: readonly Period[],
  { asksResources, scope }: GrowthAsked,
): Promise<readonly Total[]> {
  const [first, last] = [parts.at(0), parts.at(-1)];
  if (first === undefined || last === undefined || bills.length === 0) return [];
  const period = { start: first.start, end: last.end };
  const cuts = parts.slice(0, -1).map(({ end }) => end);
  const single = metersByEach(bills);
  const byResource = (meter: string): boolean => asksResources || single.has(meter);
  return alikeTotals(store, { period, cuts, only: "quantity" }, byResource, scope);
}

const metersByEach = (bills: readonly PlainBill[]): ReadonlySet<string> =>
  new Set(
    [...new Set(bills.map(({ book }) => book))].flatMap(({ prices }) =>
      prices.filter(countsEach).map(({ meter }) => meter),
    ),
  );

/** Parts of a month tell of the same uses again and again: each is priced and named once. */
function usesOnce(billOf: ReadonlyMap<string, PlainBill>, telling: Telling): (total: Total) => Use | undefined {
  const [usageIn, useOf] = [usagesOnce(), usesOf(telling)];
  const use = (total: Total): Use | undefined => {
    const usage = usageIn(total);
    const bill = billOf.get(usage.project);
    return bill && useOf(bill, usage);
  };
  const byTerms = new Map<readonly string[], Map<string, Use | undefined>>();
  const byText = new Map<string, Use | undefined>();
  const byMeaning = (total: Total): Use | undefined => {
    const text = JSON.stringify([total.meter, ...total.by]);
    if (!byText.has(text)) byText.set(text, use(total));
    return byText.get(text);
  };
  return (total) => {
    // A store that gives the same list of terms again is not asked for its text again.
    const mine = byTerms.get(total.by) ?? new Map<string, Use | undefined>();
    byTerms.set(total.by, mine);
    if (!mine.has(total.meter)) mine.set(total.meter, byMeaning(total));
    return mine.get(total.meter);
  };
}
