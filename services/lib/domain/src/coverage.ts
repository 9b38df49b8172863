import { at, type Instant, type Period, SECOND_MS } from "./instant.ts";

/** When a source was provably watching. Published by every agent, and by the listener each minute. */
export interface Coverage {
  readonly region: string;
  /** `listener`, `libvirt`, `nova.audit`, `cinder.audit`, … */
  readonly source: string;
  /** Which one of them: a host, a queue. */
  readonly agent: string;
  readonly period: Period;
  /** What it confirms regularly, and how long its silence may last; absent for a listener, which only hears changes. */
  readonly confirms?: { readonly resourceTypes: readonly string[]; readonly limitSeconds: number };
}

/** What is known, in one region, of the sources that could have seen a resource type. */
export interface Watch {
  readonly confirmations: readonly Confirmation[];
  /** When the region's listener was listening, without gaps inside a period; oldest first, not touching. */
  readonly listening: readonly Period[];
}

/** A source that reads every resource of a type again and again, from `since` on. */
export interface Confirmation {
  readonly source: string;
  readonly limitMs: number;
  readonly since: Instant;
}

export const UNWATCHED: Watch = { confirmations: [], listening: [] };

/** Audits may skip an hour or run daily; 26 hours is a day and two missed ones. */
export const AUDIT_LIMIT_SECONDS = 26 * 60 * 60;
/** Whom it favours: the tenant. A machine whose end nobody told us of is billed a quarter of an hour, not a day. */
export const LIBVIRT_LIMIT_SECONDS = 15 * 60;

/** Condenses coverage into what `measure` asks of it, for one region and resource type. */
export function watch(coverage: readonly Coverage[], region: string, resourceType: string): Watch {
  const mine = coverage.filter((each) => each.region === region);
  return {
    confirmations: confirmations(mine, resourceType),
    listening: merged(mine.filter(listens).map((each) => each.period)),
  };
}

const listens = (coverage: Coverage): boolean => coverage.confirms === undefined;

function confirmations(coverage: readonly Coverage[], resourceType: string): Confirmation[] {
  const bySource = new Map<string, Confirmation>();
  for (const { source, period, confirms } of coverage) {
    if (confirms === undefined || !confirms.resourceTypes.includes(resourceType)) continue;
    const known = bySource.get(source);
    const limitMs = confirms.limitSeconds * SECOND_MS;
    bySource.set(source, {
      source,
      limitMs: Math.max(known?.limitMs ?? 0, limitMs),
      since: at(Math.min(known?.since ?? period.start, period.start)),
    });
  }
  return [...bySource.values()].sort((a, b) => (a.source < b.source ? -1 : 1));
}

/** Periods as one list, oldest first, that neither overlap nor touch. */
export function merged(periods: readonly Period[]): Period[] {
  const result: Period[] = [];
  for (const period of periods.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && period.start <= last.end) {
      result[result.length - 1] = { start: last.start, end: at(Math.max(last.end, period.end)) };
    } else result.push(period);
  }
  return result;
}

/**
 * Until when an existence reading at `moment` is observed: the shortest limit of the sources that were running in the
 * region. Where none was, nobody looked again, and everything after is inferred.
 */
export function observedUntil({ confirmations }: Watch, moment: Instant): Instant {
  const limits = confirmations.filter(({ since }) => since <= moment).map(({ limitMs }) => limitMs);
  return limits.length === 0 ? moment : at(moment + Math.min(...limits));
}

/**
 * Until when the last existence reading of a series holds: until one of the confirming sources should have spoken again, a
 * source that came later counting from its beginning. While no source confirmed the type yet, it is held open only for as
 * long as the listener was listening without a gap, for it would have heard of the end. All of this depends on the
 * reading's instant alone, so that one more reading of a steady existence can never shorten a bill.
 */
export function heldUntil({ confirmations, listening }: Watch, moment: Instant): Instant {
  const due = Math.min(...confirmations.map(({ limitMs, since }) => Math.max(moment, since) + limitMs));
  if (confirmations.some(({ since }) => since <= moment)) return at(due);
  const heard = listening.find(({ start, end }) => start <= moment && moment <= end);
  return at(Math.min(due, heard?.end ?? moment));
}
