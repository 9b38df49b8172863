import { allMeters, type Dimensions, type Scope, type Usage } from "@raingauge/domain";
import type { SampleStore, Total, TotalsQuery, TotalTerm } from "@raingauge/store";
import { byKey } from "./once.ts";

/**
 * Totals of each part of a period. Of meters that nobody tells apart by the resource those of one project that are alike are one;
 * of the others each resource has its own, by one term more.
 */
export async function alikeTotals(
  store: Pick<SampleStore, "totals">,
  { meters = allMeters().map(({ name }) => name), ...query }: Omit<TotalsQuery, "by">,
  byResource: (meter: string) => boolean,
  scope: Scope,
): Promise<Total[]> {
  const ask = (by: readonly TotalTerm[], names: readonly string[]): Promise<readonly Total[]> =>
    names.length === 0 ? Promise.resolve([]) : store.totals({ ...query, meters: names, by }, scope);
  const merged = await ask(
    MERGED,
    meters.filter((name) => !byResource(name)),
  );
  return [...merged, ...(await ask(SINGLE, meters.filter(byResource)))];
}

const MERGED: readonly TotalTerm[] = ["region", "project", "dimensions"];
const SINGLE: readonly TotalTerm[] = [...MERGED, "resource"];

/** The same as usages; one of several resources has the name "", for whoever does not ask which of its machines it was. */
export async function alikeUsages(
  store: Pick<SampleStore, "totals">,
  query: Pick<TotalsQuery, "period" | "cuts" | "meters">,
  together: ReadonlySet<string>,
  scope: Scope,
): Promise<Usage[]> {
  const totals = await alikeTotals(store, query, (meter) => !together.has(meter), scope);
  return totals.map(usagesOnce());
}

/** The store says dimensions as the domain's key of them, which is their entries in order; a month says the same few over and over. */
export function usagesOnce(): (total: Total) => Usage {
  const dimensionsIn = byKey(
    (key: string): Dimensions => Object.fromEntries(JSON.parse(key)),
    (key) => key,
  );
  return ({ meter, by, period, quantity, evidence }) => {
    const [region = "", project = "", dimensions = "[]", resource = ""] = by;
    return { region, project, meter, resource, dimensions: dimensionsIn(dimensions), period, quantity, evidence };
  };
}
