import { type Instant, type Period, projects, type Scope, type Usage } from "@raingauge/domain";
import type { SampleStore } from "@raingauge/store";
import type { Bill } from "./bill.ts";

/**
 * The usages of many bills, each stretch of time measured once: nearly all projects are billed for the same month, and those
 * that moved are measured by themselves.
 */
export async function measured(
  store: Pick<SampleStore, "measure">,
  bills: readonly Pick<Bill, "projects">[],
  scope: Scope,
  asOf?: Instant,
): Promise<(bill: Pick<Bill, "projects">) => readonly Usage[]> {
  const parts = bills.flatMap((bill) => bill.projects);
  const byPeriod = Map.groupBy(parts, ({ period }) => periodKey(period));
  const found = new Map<string, readonly Usage[]>();
  for (const [key, [first, ...more]] of byPeriod) {
    if (first === undefined) continue;
    const wanted = new Set([first, ...more].map(({ id }) => id));
    const query = { period: first.period, ...(asOf === undefined ? {} : { asOf }) };
    // A long list of names costs a store more than the few that nobody asked for.
    const usages = await store.measure(query, 2 * wanted.size > parts.length ? scope : projects(...wanted));
    for (const [project, mine] of Map.groupBy(usages, (usage) => usage.project))
      if (wanted.has(project)) found.set(`${key} ${project}`, mine);
  }
  return (bill) => bill.projects.flatMap(({ id, period }) => found.get(`${periodKey(period)} ${id}`) ?? []);
}

const periodKey = ({ start, end }: Period): string => `${start} ${end}`;
