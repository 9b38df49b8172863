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
  const byHolder = new Map<string, Usage>();
  for (const { holder, quantity, ...evidence } of portions) {
    const key = holderKey(holder);
    const known = byHolder.get(key);
    byHolder.set(key, {
      ...subject,
      project: holder.project,
      dimensions: known?.dimensions ?? holder.dimensions,
      quantity: (known?.quantity ?? 0n) + quantity,
      evidence: sumEvidence(known?.evidence ?? NO_EVIDENCE, evidence),
    });
  }
  return [...byHolder.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, usage]) => usage).filter(isEvident);
}

/** The usage of adjoining periods as one. Exact: quantities are integers and portions tile. */
export function combine(usages: readonly Usage[], period: Period): Usage[] {
  const bySubject = new Map<string, Usage[]>();
  for (const usage of usages) {
    const key = JSON.stringify([usage.region, usage.meter, usage.resource]);
    const group = bySubject.get(key);
    if (group === undefined) bySubject.set(key, [usage]);
    else group.push(usage);
  }
  return [...bySubject.values()].flatMap((group) => {
    const { region, meter, resource } = group[0] as Usage;
    const portions = group.map((usage) => ({ holder: usage, quantity: usage.quantity, ...usage.evidence }));
    return accumulate(portions, { region, meter, resource, period });
  });
}

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

function laterEnd(a: End | undefined, b: End | undefined): End | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.at > a.at ? b : a;
}

const isEvident = ({ quantity, evidence }: Usage): boolean =>
  quantity > 0n || evidence.end !== undefined || evidence.readings + evidence.observedMs + evidence.inferredMs + evidence.afterEnd + evidence.counterDropped > 0;

/** Dimensions have no order; their key does. */
export const dimensionsKey = (dimensions: Dimensions): string =>
  JSON.stringify(Object.entries(dimensions).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));

const holderKey = ({ project, dimensions }: Holder): string => JSON.stringify([project, dimensionsKey(dimensions)]);
