import { SECOND_MS } from "./instant.ts";
import type { Origin, Sample } from "./sample.ts";

/** How far apart a legacy and a versioned telling of one transition may be. */
export const PAIRING_MS = 2 * SECOND_MS;

/** The samples of each resource, in the order of the resources' names. */
export function resourcesOf<S extends Sample>(samples: readonly S[]): S[][] {
  const byResource = Map.groupBy(samples, ({ region, resource }) => `${region}\n${resource}`);
  return [...byResource.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, series]) => series);
}

/**
 * One series as it counts: each reading once, each transition once, oldest first; of several readings at one instant the
 * one that counts comes last. The result depends on the set of readings alone, never on the order of their arrival.
 */
export function inOrder<S extends Sample>(series: readonly S[]): S[] {
  return withoutRetellings(distinct(series.toSorted(compare)));
}

/** An end is an end once, at the first instant that is certain; whatever is read later changes nothing. */
export function untilFinalEnd<S extends Sample>(
  ordered: readonly S[],
): { readonly alive: readonly S[]; readonly after: readonly S[] } {
  const end = ordered.findIndex(({ stance }) => stance === "ends");
  return end < 0 ? { alive: ordered, after: [] } : { alive: ordered.slice(0, end + 1), after: ordered.slice(end + 1) };
}

export const isEnd = ({ stance }: Sample): boolean => stance === "ends" || stance === "vanishes";

/** Whatever no later reading can refute. */
export const isFirm = ({ stance }: Sample): boolean => stance !== "vanishes";

/**
 * Of deliveries of one reading, the earliest told counts, so that every order of arrival agrees. One reading has one instant:
 * identities are compared only where readings share theirs, for a store may have to work them out.
 */
function distinct<S extends Sample>(sorted: readonly S[]): S[] {
  return sorted.filter((sample, index) => {
    for (let other = index - 1; sorted[other]?.at === sample.at; other -= 1) {
      if (isTwin(sample, sorted[other]) && !toldEarlier(sample, sorted[other] ?? sample)) return false;
    }
    for (let other = index + 1; sorted[other]?.at === sample.at; other += 1) {
      if (isTwin(sample, sorted[other]) && toldEarlier(sorted[other] ?? sample, sample)) return false;
    }
    return true;
  });
}

const isTwin = (sample: Sample, other: Sample | undefined): boolean => sample === other || sample.id === other?.id;

export const toldEarlier = (
  a: Pick<Sample, "sequence" | "message">,
  b: Pick<Sample, "sequence" | "message">,
): boolean => a.sequence < b.sequence || (a.sequence === b.sequence && a.message < b.message);

/** Drops the later telling of a transition whose payload has no time of its own. */
function withoutRetellings<S extends Sample>(ordered: readonly S[]): S[] {
  const told = new Map<string, Sample>();
  return ordered.filter((sample) => {
    if (sample.transition === undefined) return true;
    const earlier = told.get(sample.transition);
    if (earlier !== undefined && sample.at - earlier.at <= PAIRING_MS) return false;
    told.set(sample.transition, sample);
    return true;
  });
}

const RANK: Readonly<Record<Origin, number>> = { notification: 2, api: 1, poll: 0 };

/** Weakest first: an end mark, then notification, API, poll; then the later event sequence; then the digest. */
function compare(a: Sample, b: Sample): number {
  if (a.at !== b.at) return a.at - b.at;
  const strength = Number(isEnd(a)) - Number(isEnd(b)) || RANK[a.origin] - RANK[b.origin] || a.sequence - b.sequence;
  if (strength !== 0) return strength;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
