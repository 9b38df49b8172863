import { iso, type Period, type Scope, sumEvidence } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import type { SampleStore, Total, TotalTerm, UsageQuery } from "@raingauge/store";
import { type Belonging, belonging } from "./belonging.ts";
import { type Group, groupKey } from "./grouping.ts";
import { type TagOf, tagNamed, tagsOf } from "./tags.ts";
import { unitOf, viewEvidence } from "./views/usage.ts";

export interface GroupSources {
  readonly store: Pick<SampleStore, "totals" | "resources" | "projects">;
  readonly ledger: Pick<Ledger, "accounts" | "placements">;
}

export interface GroupQuestion extends UsageQuery {
  readonly group: readonly string[];
  /** Parts of the period, touching; the whole as one where it is not cut. */
  readonly parts: readonly Period[];
  readonly isCut: boolean;
  readonly scope: Scope;
}

/** So many parts are asked for at once: a page of a year by the hour needs few of them. */
const PARTS_AT_ONCE = 32;

/** Usage added up, part by part, each in the order of its groups' keys. */
export async function* usageGroups(sources: GroupSources, question: GroupQuestion): AsyncGenerator<Group> {
  const { parts, isCut } = question;
  const naming = await namingFor(sources, question);
  for (let first = 0; first < parts.length; first += PARTS_AT_ONCE) {
    const lot = parts.slice(first, first + PARTS_AT_ONCE);
    const totals = await totalsOf(sources, question, lot, naming);
    const byPart = Map.groupBy(totals, ({ part }) => part);
    for (const part of lot) {
      const period = { start: iso(part.start), end: iso(part.end) };
      yield* (byPart.get(part) ?? [])
        .map((total) => ({ ...(isCut ? { period } : {}), ...viewed(total, question.group) }))
        .toSorted((a, b) => (groupKey(a) < groupKey(b) ? -1 : 1));
    }
  }
}

interface Naming {
  readonly belonging: Belonging | undefined;
  readonly tagOf: TagOf | undefined;
}

/** What the store does not know of usage: whose a project is, and what a resource is tagged with. */
async function namingFor({ store, ledger }: GroupSources, { group, period, scope }: GroupQuestion): Promise<Naming> {
  const asksWhose = group.includes("domain") || group.includes("account");
  const asksTags = group.some((term) => tagNamed(term) !== undefined);
  return {
    belonging: asksWhose ? await belonging(ledger, await store.projects(period, scope), period) : undefined,
    tagOf: asksTags ? await tagsOf(store, period, scope) : undefined,
  };
}

type Named = Total & { readonly part: Period };

async function totalsOf(
  { store }: GroupSources,
  { group, parts: _, isCut: __, scope, period: ___, ...query }: GroupQuestion,
  lot: readonly Period[],
  { belonging: whose, tagOf }: Naming,
): Promise<Named[]> {
  const [first, last] = [lot.at(0), lot.at(-1)];
  if (first === undefined || last === undefined) return [];
  const period = { start: first.start, end: last.end };
  const inside = (edge: number): boolean => edge > period.start && edge < period.end;
  const cuts = [...new Set([...lot.map(({ end }) => end), ...(whose?.edges ?? [])])]
    .filter(inside)
    .toSorted((a, b) => a - b);
  const by = baseTerms(group);
  const totals = await store.totals({ ...query, period, by, cuts }, scope);
  const summed = new Map<string, Named>();
  for (const total of totals) {
    const part = lot.findLast(({ start }) => start <= total.period.start) ?? first;
    const named = { ...total, by: group.map((term) => termIn(term, total, by, { belonging: whose, tagOf })), part };
    const key = JSON.stringify([part.start, total.meter, named.by]);
    const known = summed.get(key);
    summed.set(key, known === undefined ? named : sum(known, named));
  }
  return [...summed.values()];
}

/** What the store is to add up by, so that each asked-for term follows from it. */
const baseTerms = (group: readonly string[]): TotalTerm[] => [
  ...new Set(
    group.flatMap((term): TotalTerm[] => {
      if (term === "domain" || term === "account" || term === "project") return ["project"];
      if (term === "region" || term === "resource") return [term];
      if (tagNamed(term) !== undefined) return ["region", "resource"];
      return term.startsWith("dimension.") ? [`dimension.${term.slice("dimension.".length)}`] : [];
    }),
  ),
];

function termIn(term: string, total: Total, by: readonly TotalTerm[], { belonging: whose, tagOf }: Naming): string {
  const told = (name: TotalTerm): string => total.by[by.indexOf(name)] ?? "";
  const tag = tagNamed(term);
  if (tag !== undefined) return tagOf?.({ region: told("region"), id: told("resource") }, tag) ?? "";
  if (term === "meter") return total.meter;
  if (term === "domain") return whose?.domainOf(told("project"), total.period.start) ?? "";
  if (term === "account") return whose?.accountOf(told("project"), total.period.start) ?? "";
  return told(term as TotalTerm); // Whatever else the schema admits the store was asked for.
}

const sum = (a: Named, b: Named): Named => ({
  ...a,
  quantity: a.quantity + b.quantity,
  usages: a.usages + b.usages,
  evidence: sumEvidence(a.evidence, b.evidence),
});

const viewed = ({ meter, by, quantity, usages, evidence }: Total, group: readonly string[]): Group => ({
  meter,
  by: Object.fromEntries(group.map((term, index) => [term, by[index] ?? ""])),
  quantity: String(quantity),
  unit: unitOf(meter),
  usages,
  evidence: viewEvidence(evidence),
});
