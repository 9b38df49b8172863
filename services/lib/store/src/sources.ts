import { allMeters, type Confirmation, type Coverage, type Instant, type Watch, watch } from "@raingauge/domain";
import { firstDifference } from "./confirmed.ts";

/** What is known of the sources of a region and a resource type. */
export type Watching = (region: string, resourceType: string) => Watch;

export function watchingOver(coverage: readonly Coverage[]): Watching {
  const known = new Map<string, Watch>();
  return (region, resourceType) => {
    const key = `${region}\n${resourceType}`;
    const mine = known.get(key) ?? watch(coverage, region, resourceType);
    known.set(key, mine);
    return mine;
  };
}

/** A meter of a region whose roll-ups, from an instant on, stand on limits that are no longer known to be right. */
export interface Stale {
  readonly region: string;
  readonly meter: string;
  readonly since: Instant;
}

export type Noted = readonly [region: string, resourceType: string, confirmations: Confirmation[]];

/** Compares the sources that confirm now with those that did when usage was rolled up. */
export const staleMeters = (noted: readonly Noted[], watching: Watching): Stale[] =>
  noted.flatMap(([region, type, before]) => {
    const since = firstDifference(before, watching(region, type).confirmations);
    if (since === undefined) return [];
    return allMeters()
      .filter(({ existence, resourceType }) => existence && resourceType === type)
      .map(({ name }) => ({
        region,
        meter: name,
        since,
      }));
  });

/** The sources that roll-ups stand on from now on. */
export function notedWatch(regions: Iterable<string>, watching: Watching): Noted[] {
  const types = [
    ...new Set(
      allMeters()
        .filter(({ existence }) => existence)
        .map(({ resourceType }) => resourceType),
    ),
  ];
  return [...regions].flatMap((region) =>
    types.map((type): Noted => [region, type, [...watching(region, type).confirmations]]),
  );
}
