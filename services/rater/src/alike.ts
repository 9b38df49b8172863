import { allMeters, type Dimensions, type Scope, type Usage } from "@raingauge/domain";
import type { SampleStore, Total, TotalsQuery, TotalTerm } from "@raingauge/store";

/**
 * Usages of each part of a period. Of the meters `together`, those of one project that are alike are one usage, whose resource
 * has the name "": for whoever does not ask which of its machines it was.
 */
export async function alikeUsages(
  store: Pick<SampleStore, "totals">,
  { meters = allMeters().map(({ name }) => name), period, cuts = [] }: Pick<TotalsQuery, "period" | "cuts" | "meters">,
  together: ReadonlySet<string>,
  scope: Scope,
): Promise<Usage[]> {
  const ask = (by: readonly TotalTerm[], names: readonly string[]): Promise<readonly Total[]> =>
    names.length === 0 ? Promise.resolve([]) : store.totals({ period, cuts, meters: names, by }, scope);
  const merged = await ask(
    MERGED,
    meters.filter((name) => together.has(name)),
  );
  const single = await ask(
    SINGLE,
    meters.filter((name) => !together.has(name)),
  );
  const dimensionsIn = readingOnce();
  return [...merged, ...single].map(({ period, meter, by, quantity, evidence }) => {
    const [region = "", project = "", dimensions = "[]", resource = ""] = by;
    return { region, project, meter, resource, dimensions: dimensionsIn(dimensions), period, quantity, evidence };
  });
}

export const MERGED: readonly TotalTerm[] = ["region", "project", "dimensions"];
export const SINGLE: readonly TotalTerm[] = ["region", "project", "dimensions", "resource"];

/** The store says dimensions as the domain's key of them, which is their entries in order; a month says the same few over and over. */
export function readingOnce(): (key: string) => Dimensions {
  const known = new Map<string, Dimensions>();
  return (key) => {
    const dimensions = known.get(key) ?? Object.fromEntries(JSON.parse(key) as [string, string][]);
    known.set(key, dimensions);
    return dimensions;
  };
}
