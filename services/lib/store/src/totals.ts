import {
  dimensionsKey,
  type Evidence,
  type Instant,
  NO_EVIDENCE,
  type Period,
  type Scope,
  sumEvidence,
  type Usage,
} from "@raingauge/domain";
import { compareText } from "./order.ts";
import type { UsageQuery } from "./store.ts";

/**
 * What usage can be added up by, beside the meter, which always counts: units differ. `dimensions` is all of them at once, as
 * the domain's `dimensionsKey` says them.
 */
export type TotalTerm = "region" | "project" | "resource" | "dimensions" | `dimension.${string}`;

export interface TotalsQuery extends UsageQuery {
  readonly by: readonly TotalTerm[];
  /** Instants inside the period, ascending: each part between two of them is measured by itself. */
  readonly cuts?: readonly Instant[];
  /** Whoever looks at nothing else is told nothing else, sooner: see `quantitiesOf`. */
  readonly only?: "quantity";
}

/** Usages of one meter and one part of a period, added up. */
export interface Total {
  readonly period: Period;
  readonly meter: string;
  /** The value of each term, in the order in which they were asked for; "" for a dimension that is not told. */
  readonly by: readonly string[];
  readonly quantity: bigint;
  /** How many usages these are. */
  readonly usages: number;
  readonly evidence: Evidence;
}

/** The specification: each part measured by itself, and added up. For stores that know no shorter way. */
export async function totalsOf(
  measure: (query: UsageQuery, scope: Scope) => Promise<readonly Usage[]>,
  { by, cuts = [], period, only, ...query }: TotalsQuery,
  scope: Scope,
): Promise<Total[]> {
  const parts: Total[][] = [];
  for (const part of partsOf(period, cuts))
    parts.push(inTotalOrder((await measure({ ...query, period: part }, scope)).map((usage) => totalOf(usage, by))));
  const totals = parts.flat();
  return only === "quantity" ? quantitiesOf(totals) : totals;
}

/** Totals that say how much and nothing else, not of how many usages and how anybody knows; and none of nothing. */
export const quantitiesOf = (totals: readonly Total[]): Total[] =>
  totals.filter(({ quantity }) => quantity !== 0n).map((total) => ({ ...total, usages: 0, evidence: NO_EVIDENCE }));

/** Half-open and touching, so that they add up to the period. */
export const partsOf = ({ start, end }: Period, cuts: readonly Instant[]): Period[] =>
  [start, ...cuts].map((from, index) => ({ start: from, end: cuts[index] ?? end }));

export const totalOf = (usage: Usage, by: readonly TotalTerm[]): Total => ({
  period: usage.period,
  meter: usage.meter,
  by: by.map((term) => termOf(usage, term)),
  quantity: usage.quantity,
  usages: 1,
  evidence: usage.evidence,
});

/** Those that are of one part, meter and terms as one; by part, then by meter, then term by term. */
export function inTotalOrder(totals: readonly Total[]): Total[] {
  const aboutOf = aboutOnce();
  const byStart = new Map<Instant, Map<About, Total>>();
  for (const total of totals) {
    const summed = byStart.get(total.period.start) ?? new Map<About, Total>();
    byStart.set(total.period.start, summed);
    const about = aboutOf(total);
    const known = summed.get(about);
    summed.set(about, known === undefined ? total : sum(known, total));
  }
  const ranks = new Map(
    [...new Set([...byStart.values()].flatMap((summed) => [...summed.keys()]))]
      .toSorted(compareAbout)
      .map((about, rank) => [about, rank]),
  );
  const rankOf = (about: About): number => ranks.get(about) ?? 0;
  return [...byStart]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([, summed]) => [...summed].toSorted(([a], [b]) => rankOf(a) - rankOf(b)).map(([, total]) => total));
}

/** What a total is of, whatever the part: days of a month say the same again and again, and are compared once. */
type About = Pick<Total, "meter" | "by">;

function aboutOnce(): (total: Total) => About {
  const byTerms = new Map<readonly string[], Map<string, About>>();
  const byText = new Map<string, About>();
  return ({ meter, by }) => {
    const byMeter = byTerms.get(by) ?? new Map<string, About>();
    byTerms.set(by, byMeter);
    const text = byMeter.has(meter) ? "" : keyOf(meter, by);
    const about = byMeter.get(meter) ?? byText.get(text) ?? { meter, by };
    if (text !== "") byText.set(text, about);
    byMeter.set(meter, about);
    return about;
  };
}

/** One text for each meter and terms, whatever is in them: lengths go before what has them. */
const keyOf = (meter: string, by: readonly string[]): string =>
  by.reduce((key, text) => `${key} ${text.length} ${text}`, meter);

export function termOf(usage: Pick<Usage, "region" | "project" | "resource" | "dimensions">, term: TotalTerm): string {
  if (term === "region" || term === "project" || term === "resource") return usage[term];
  if (term === "dimensions") return dimensionsKey(usage.dimensions);
  return usage.dimensions[term.slice("dimension.".length)] ?? "";
}

const sum = (a: Total, b: Total): Total => ({
  ...a,
  quantity: a.quantity + b.quantity,
  usages: a.usages + b.usages,
  evidence: sumEvidence(a.evidence, b.evidence),
});

function compareAbout(a: About, b: About): number {
  if (a.meter !== b.meter) return compareText(a.meter, b.meter);
  const differs = a.by.findIndex((text, index) => text !== b.by[index]);
  return differs < 0 ? 0 : compareText(a.by[differs] ?? "", b.by[differs] ?? "");
}
