import { minus, type Period, plus, type Rational, rational, times, type Usage, ZERO } from "@raingauge/domain";
import type { ProjectCost } from "./drafts.ts";
import { type TagOf, tagNamed } from "./tags.ts";

/** What a part of the bill costs, exact and before the one rounding of the invoice. */
export interface CostGroup {
  readonly period: Period;
  readonly currency: string;
  readonly by: Readonly<Record<string, string>>;
  readonly cost: Rational;
}

type Line = ProjectCost["draft"]["invoice"]["lines"][number];

/** The exact cost of each group of some drafts. */
export type Totals = ReadonlyMap<string, Omit<CostGroup, "period">>;

/**
 * Adds up what lines cost by these terms. A line whose price counts a whole project is shared out among its usages by their
 * quantity, exactly; a line without usages, a discount or a minimum, has the name "" for what it does not know.
 */
export function totals(drafts: readonly ProjectCost[], terms: readonly string[], naming = NAMELESS): Totals {
  const groups = new Map<string, Omit<CostGroup, "period">>();
  for (const { draft, ...drafted } of drafts) {
    const { currency, lines } = draft.invoice;
    for (const line of lines) {
      for (const { usage, cost } of shares(line, draft.usages.get(line.position) ?? [])) {
        const by = Object.fromEntries(
          terms.map((term) => [term, termOf(term, line, usage, { ...drafted, ...naming })]),
        );
        const key = JSON.stringify([currency, ...Object.values(by)]);
        groups.set(key, { currency, by, cost: plus(groups.get(key)?.cost ?? ZERO, cost) });
      }
    }
  }
  return groups;
}

/** Of two parts of the bills, what both come to. */
export function both(a: Totals, b: Totals): Totals {
  const groups = new Map(a);
  for (const [key, group] of b) groups.set(key, { ...group, cost: plus(groups.get(key)?.cost ?? ZERO, group.cost) });
  return groups;
}

/** What came to it between two totals of one month; what did not change is left out. */
export const growth = (before: Totals, after: Totals, period: Period): CostGroup[] =>
  together([increase(before, after)], period);

export function increase(before: Totals, after: Totals): Totals {
  const groups = new Map(after);
  for (const [key, group] of before)
    groups.set(key, { ...group, cost: minus(after.get(key)?.cost ?? ZERO, group.cost) });
  return groups;
}

/** Of several parts of the bills, what they come to together in a period; without what comes to nothing. */
export function together(parts: readonly Totals[], period: Period): CostGroup[] {
  return [...parts.reduce(both, new Map())]
    .filter(([, { cost }]) => cost.numerator !== 0n)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => ({ ...group, period }));
}

function shares(line: Line, usages: readonly Usage[]): { readonly usage?: Usage; readonly cost: Rational }[] {
  const whole = usages.reduce((total, { quantity }) => total + quantity, 0n);
  if (usages.length === 0 || whole === 0n)
    return [{ ...(usages[0] === undefined ? {} : { usage: usages[0] }), cost: line.cost }];
  return usages.map((usage) => ({ usage, cost: times(line.cost, rational(usage.quantity, whole)) }));
}

/** What neither a line nor a usage says: in which domain a project is, and what a resource is tagged with. */
export interface Naming {
  readonly domainOf: (project: string) => string;
  readonly tagOf: TagOf;
}

export const NAMELESS: Naming = { domainOf: () => "", tagOf: () => "" };

export function termOf(
  term: string,
  line: Pick<Line, "sku" | "meter">,
  usage: Usage | undefined,
  { account, project, domainOf, tagOf }: Pick<ProjectCost, "account" | "project"> & Naming,
): string {
  const tag = tagNamed(term);
  if (tag !== undefined) return usage === undefined ? "" : tagOf({ region: usage.region, id: usage.resource }, tag);
  switch (term) {
    case "sku":
      return line.sku;
    case "meter":
      return line.meter;
    case "project":
      return usage?.project ?? project;
    case "account":
      return account;
    case "domain":
      return domainOf(usage?.project ?? project);
    case "region":
    case "resource":
      return usage?.[term] ?? "";
    default:
      return usage?.dimensions[term.slice("dimension.".length)] ?? "";
  }
}
