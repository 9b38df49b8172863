import type { Period } from "./instant.ts";
import type { Dimensions } from "./sample.ts";
import type { End, Evidence, Usage } from "./usage.ts";

/** Whose usage a portion is: the project and the dimensions in force. */
export interface Holder {
  readonly project: string;
  readonly dimensions: Dimensions;
}

/** One step's or one reading's part of a usage. Portions of a holder add up, over steps and over adjacent periods alike. */
export interface Portion extends Partial<Evidence> {
  readonly holder: Holder;
  readonly quantity: bigint;
}

type Subject = Pick<Usage, "region" | "meter" | "resource" | "period">;

/** Adds portions up by holder; what neither weighs nor proves anything leaves no usage. */
export function accumulate(portions: readonly Portion[], subject: Subject): Usage[] {
  if (portions.every(({ holder }) => isPlainlySame(holder, portions[0]?.holder)))
    return [total(portions, subject)].filter(isEvident);
  const keys = new Map<Holder, string>();
  const keyOf = ({ holder }: Portion): string => keys.get(holder) ?? keep(keys, holder, holderKey(holder));
  return [...Map.groupBy(portions, keyOf).entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, mine]) => total(mine, subject))
    .filter(isEvident);
}

/** Nearly every hour has one holder, and nearly every reading shares its dimensions with the next: no key is needed then. */
const isPlainlySame = (a: Holder, b: Holder | undefined): boolean =>
  a.project === b?.project && a.dimensions === b.dimensions;

function total(portions: readonly Portion[], subject: Subject): Usage {
  const { project = "", dimensions = {} } = portions[0]?.holder ?? {};
  const quantity = portions.reduce((sum, portion) => sum + portion.quantity, 0n);
  return { ...subject, project, dimensions, quantity, evidence: portions.reduce(sumEvidence, NO_EVIDENCE) };
}

function keep<K, V>(map: Map<K, V>, key: K, value: V): V {
  map.set(key, value);
  return value;
}

/** The usage of adjoining periods as one, by identity. Exact: quantities are integers and portions tile. Most of a month is whole already. */
export function combine(usages: readonly Usage[], period: Period): Usage[] {
  const compare = identities();
  const combined: Usage[] = [];
  for (const usage of usages.toSorted(compare)) {
    const last = combined.at(-1);
    if (last === undefined || compare(last, usage) !== 0) combined.push(during(usage, period));
    else combined.splice(-1, 1, together(last, usage));
  }
  return combined.filter(isEvident);
}

const during = (usage: Usage, period: Period): Usage =>
  usage.period.start === period.start && usage.period.end === period.end ? usage : { ...usage, period };

const together = (a: Usage, b: Usage): Usage => ({
  ...a,
  quantity: a.quantity + b.quantity,
  evidence: sumEvidence(a.evidence, b.evidence),
});

export const NO_EVIDENCE: Evidence = { readings: 0, observedMs: 0, inferredMs: 0, afterEnd: 0, counterDropped: 0 };

export function sumEvidence(a: Evidence, b: Partial<Evidence>): Evidence {
  const end = laterEnd(a.end, b.end);
  return {
    readings: a.readings + (b.readings ?? 0),
    observedMs: a.observedMs + (b.observedMs ?? 0),
    inferredMs: a.inferredMs + (b.inferredMs ?? 0),
    afterEnd: a.afterEnd + (b.afterEnd ?? 0),
    counterDropped: a.counterDropped + (b.counterDropped ?? 0),
    ...(end === undefined ? {} : { end }),
  };
}

/** At one instant the certain end says more than the inferred one. */
function laterEnd(a: End | undefined, b: End | undefined): End | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.at > a.at || (b.at === a.at && b.kind === "final") ? b : a;
}

const isEvident = ({ quantity, evidence }: Usage): boolean =>
  quantity > 0n ||
  evidence.end !== undefined ||
  evidence.readings + evidence.observedMs + evidence.inferredMs + evidence.afterEnd + evidence.counterDropped > 0;

/** Dimensions have no order; their key does. */
export const dimensionsKey = (dimensions: Dimensions): string =>
  JSON.stringify(Object.entries(dimensions).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));

const holderKey = ({ project, dimensions }: Holder): string => JSON.stringify([project, dimensionsKey(dimensions)]);

/** Usages by their identity, so that nothing computed from them depends on the order in which they came. */
export function inIdentityOrder(usages: readonly Usage[]): Usage[] {
  const compare = identities();
  return usages.toSorted((a, b) => compare(a, b) || a.period.start - b.period.start || a.period.end - b.period.end);
}

/** Compares all of an identity but its period. */
function identities(): (a: Usage, b: Usage) => number {
  const keyOf = dimensionsKeys();
  return (a, b) =>
    inOrder(a.region, b.region) ||
    inOrder(a.project, b.project) ||
    inOrder(a.meter, b.meter) ||
    inOrder(a.resource, b.resource) ||
    (a.dimensions === b.dimensions ? 0 : inOrder(keyOf(a.dimensions), keyOf(b.dimensions)));
}

const inOrder = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** Nearly all usages share their dimensions with many others, and a resource seldom has two sets of them. */
function dimensionsKeys(): (dimensions: Dimensions) => string {
  const known = new Map<Dimensions, string>();
  return (dimensions) => known.get(dimensions) ?? keep(known, dimensions, dimensionsKey(dimensions));
}
