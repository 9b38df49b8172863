import { allMeters, type Instant, type Period, type Scope, sumEvidence, type Usage } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import type { SampleStore, UsageQuery } from "@raingauge/store";
import { byKey, scopeKey } from "./once.ts";
import { type Keyed, type PartAt, type Parts, readAhead } from "./read-ahead.ts";

type Store = Pick<SampleStore, "measure" | "totals" | "projects">;

/** `ends`: up to when the month will be asked about. `meters`: of what is in its parts, for a bill is never of some. */
export interface Growth extends Omit<Parts, "start"> {
  readonly month: Period;
}

export interface Growing {
  /** What was used from the end before this one, or from the month's beginning, up to this one. */
  partUntil(end: Instant, scope: Scope): Promise<readonly Usage[]>;
}

/**
 * A store for one question about a month that is asked up to one end after another. Usage of adjoining periods adds up, so
 * each part between two ends is measured once, many of them in one question; and where nobody tells resources apart, those of
 * one project that are alike are one usage, whose resource has the name "". What is asked about other periods is measured.
 */
export function growing<S extends Store>(store: S, { month, ...parts }: Growth): S & Growing {
  const { ends, meters } = parts;
  const isEnd = new Set(ends);
  const partsOf = byKey((scope: Scope) => readAhead(store, { ...parts, start: month.start }, scope), scopeKey);
  const sumsOf = byKey(
    (start: Instant, scope: Scope) =>
      sums({ store, edges: [month.start, ...ends], scope, start, partAt: partsOf(scope) }),
    (start, scope) => `${start} ${scopeKey(scope)}`,
  );
  const measure = async (query: UsageQuery, scope: Scope): Promise<readonly Usage[]> => {
    const { period, ...narrow } = query;
    const isOfAll = meters === undefined && Object.keys(narrow).length === 0;
    return isOfAll && isEnd.has(period.end) && period.start >= month.start
      ? sumsOf(period.start, scope)(period.end)
      : store.measure(query, scope);
  };
  const present = byKey(
    // Who used nothing yet by then is billed nothing: so those of the longest part do for all of them.
    (scope: Scope) => store.projects({ start: month.start, end: ends.at(-1) ?? month.end }, scope),
    scopeKey,
  );
  const projects = (period: Period, scope: Scope): Promise<readonly string[]> =>
    period.start === month.start && isEnd.has(period.end) ? present(scope) : store.projects(period, scope);
  const partUntil = async (end: Instant, scope: Scope): Promise<readonly Usage[]> =>
    (await partsOf(scope)(ends.indexOf(end))).map(({ usage }) => usage);
  return { ...store, measure, projects, partUntil };
}

/**
 * A price that counts each resource by itself must know one from another, and so must who asks for them. What was agreed with
 * single customers changes amounts of a price, and never whom it counts.
 */
export async function metersByResource(
  ledger: Pick<Ledger, "books">,
  asksResources = false,
): Promise<ReadonlySet<string>> {
  if (asksResources) return new Set(allMeters().map(({ name }) => name));
  const prices = (await ledger.books()).flatMap(({ book }) => book.prices);
  return new Set(
    prices
      .filter(
        ({ scope, model, least, cap }) => scope === "resource" || model === "flat" || (least ?? cap) !== undefined,
      )
      .map(({ meter }) => meter),
  );
}

interface Summing {
  readonly store: Store;
  /** The month's beginning, and where its parts end. */
  readonly edges: readonly Instant[];
  readonly scope: Scope;
  readonly start: Instant;
  readonly partAt: PartAt;
}

/** All that was used from an instant on up to an end: most quickly up to one end after another. */
function sums({ store, edges, scope, start, partAt }: Summing): (end: Instant) => Promise<readonly Usage[]> {
  const first = edges.findIndex((edge) => edge >= start);
  const lead = { start, end: edges[first] ?? start };
  let [next, summed] = [first, undefined as Map<string, Usage> | undefined];
  const until = async (end: Instant): Promise<readonly Usage[]> => {
    const last = edges.indexOf(end);
    if (summed === undefined || last < next) {
      next = first;
      // Who is billed from within a part on has used something before the next.
      const before = lead.start === lead.end ? [] : await store.measure({ period: lead }, scope);
      summed = new Map(before.map((usage, index) => [String(index), usage]));
    }
    for (; next < last; next += 1) for (const each of await partAt(next)) add(summed, each);
    return [...summed.values()].map((usage) => ({ ...usage, period: { start, end } }));
  };
  let before: Promise<unknown> = Promise.resolve();
  return (end) => {
    const mine = before.then(() => until(end));
    before = mine.catch(() => undefined);
    return mine;
  };
}

function add(summed: Map<string, Usage>, { key, usage }: Keyed): void {
  const known = summed.get(key);
  if (known === undefined) summed.set(key, usage);
  else
    summed.set(key, {
      ...known,
      quantity: known.quantity + usage.quantity,
      evidence: sumEvidence(known.evidence, usage.evidence),
    });
}
