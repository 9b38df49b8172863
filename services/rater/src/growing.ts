import {
  allMeters,
  type Dimensions,
  type Instant,
  type Period,
  type PriceBook,
  type Scope,
  sumEvidence,
  type Usage,
} from "@raingauge/domain";
import type { SampleStore, Total, TotalTerm, UsageQuery } from "@raingauge/store";
import { MERGED, readingOnce, SINGLE } from "./alike.ts";

type Store = Pick<SampleStore, "measure" | "totals" | "projects">;

export interface Growth {
  readonly month: Period;
  /** Up to when the month will be asked about, ascending. */
  readonly ends: readonly Instant[];
  /** Meters of which a price looks at each resource by itself. */
  readonly byResource: ReadonlySet<string>;
}

/**
 * A store for one question about a month that is asked up to one end after another. Usage of adjoining periods adds up, so
 * each part between two ends is measured once, all of them in one question; and where no price tells resources apart, those of
 * one project that are alike are one usage, whose resource has the name "". What is asked about other periods is measured.
 */
export function growing<S extends Store>(store: S, growth: Growth): S {
  const { month, ends } = growth;
  const known = new Map<string, Promise<ReadonlyMap<Instant, readonly Usage[]>>>();
  const measure = async (query: UsageQuery, scope: Scope): Promise<readonly Usage[]> => {
    const { period, ...narrow } = query;
    if (period.start !== month.start || Object.keys(narrow).length > 0) return store.measure(query, scope);
    const key = scope.kind === "all" ? "all" : JSON.stringify([...scope.projects]);
    const asked = known.get(key) ?? grown(store, growth, scope);
    known.set(key, asked);
    return (await asked).get(period.end) ?? store.measure(query, scope);
  };
  let present: Promise<readonly string[]> | undefined;
  const projects = (period: Period, scope: Scope): Promise<readonly string[]> => {
    if (period.start !== month.start || !ends.includes(period.end)) return store.projects(period, scope);
    // Who used nothing yet by then is billed nothing: so those of the longest part do for all of them.
    present ??= store.projects({ start: month.start, end: ends.at(-1) ?? month.end }, scope);
    return present;
  };
  return { ...store, measure, projects };
}

/**
 * A price that counts each resource by itself must know one from another. What was agreed with single customers changes
 * amounts of a price, and never whom it counts.
 */
export const metersByResource = (books: readonly PriceBook[]): ReadonlySet<string> =>
  new Set(
    books
      .flatMap(({ prices }) => prices)
      .filter(
        ({ scope, model, least, cap }) => scope === "resource" || model === "flat" || (least ?? cap) !== undefined,
      )
      .map(({ meter }) => meter),
  );

/** All that was used up to each end. */
async function grown(
  store: Store,
  { month, ends, byResource }: Growth,
  scope: Scope,
): Promise<ReadonlyMap<Instant, readonly Usage[]>> {
  const last = ends.at(-1) ?? month.end;
  const names = allMeters().map(({ name }) => name);
  const ask = (by: readonly TotalTerm[], meters: readonly string[]): Promise<readonly Total[]> =>
    meters.length === 0
      ? Promise.resolve([])
      : store.totals({ meters, by, period: { start: month.start, end: last }, cuts: ends.slice(0, -1) }, scope);
  const alike = await ask(
    MERGED,
    names.filter((name) => !byResource.has(name)),
  );
  const single = await ask(
    SINGLE,
    names.filter((name) => byResource.has(name)),
  );
  const [dimensionsIn, keyOf] = [readingOnce(), keysOnce()];
  const byPart = Map.groupBy([...alike, ...single], ({ period }) => period.end);
  const sums = new Map<string, Usage>();
  return new Map(
    ends.map((end) => {
      for (const total of byPart.get(end) ?? []) add(sums, total, keyOf(total), dimensionsIn);
      return [end, [...sums.values()].map((usage) => ({ ...usage, period: { start: month.start, end } }))];
    }),
  );
}

/** A store that gives the same list of terms again is not asked for its text again. */
function keysOnce(): (total: Total) => string {
  const known = new Map<readonly string[], string>();
  return ({ meter, by }) => {
    const text = known.get(by) ?? JSON.stringify(by);
    known.set(by, text);
    return `${meter} ${text}`;
  };
}

/** Merged totals have one term less than single ones, which are of other meters. */
function add(
  sums: Map<string, Usage>,
  { meter, by, quantity, evidence, period }: Total,
  key: string,
  dimensionsIn: (key: string) => Dimensions,
): void {
  const known = sums.get(key);
  if (known !== undefined) {
    sums.set(key, {
      ...known,
      quantity: known.quantity + quantity,
      evidence: sumEvidence(known.evidence, evidence),
    });
    return;
  }
  const [region = "", project = "", dimensions = "[]", resource = ""] = by;
  sums.set(key, { region, project, meter, resource, dimensions: dimensionsIn(dimensions), period, quantity, evidence });
}
