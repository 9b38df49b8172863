import { combine, type Instant, inIdentityOrder, type Scope, type Usage } from "@raingauge/domain";
import type { SampleStore, UsageQuery } from "@raingauge/store";

type Store = Pick<SampleStore, "measure" | "projects" | "watermark">;

/**
 * A store for one question about a month that is asked up to one end after another: usage of adjoining periods adds up, so
 * what was measured up to an earlier end is not measured again.
 */
export function growing<S extends Store>(store: S): S {
  const known = new Map<string, { readonly end: Instant; readonly usages: readonly Usage[] }>();
  const measure = async (query: UsageQuery, scope: Scope): Promise<readonly Usage[]> => {
    const { period } = query;
    const key = JSON.stringify([
      { ...query, period: period.start },
      scope.kind === "all" ? "all" : [...scope.projects],
    ]);
    const before = known.get(key);
    const usages =
      before === undefined || before.end > period.end
        ? await store.measure(query, scope)
        : await grown(store, before, query, scope);
    known.set(key, { end: period.end, usages });
    return usages;
  };
  return { ...store, measure };
}

async function grown(
  store: Store,
  { end, usages }: { readonly end: Instant; readonly usages: readonly Usage[] },
  query: UsageQuery,
  scope: Scope,
): Promise<readonly Usage[]> {
  const { period } = query;
  if (end === period.end) return usages;
  const since = await store.measure({ ...query, period: { start: end, end: period.end } }, scope);
  return inIdentityOrder(combine([...usages, ...since], period));
}
