import type { Event, Resource, Sample } from "@raingauge/domain";
import { compareText } from "./order.ts";
import type { EventQuery, ResourceKey, ResourceQuery, SampleQuery } from "./store.ts";

/** A part of an ordered answer: what comes after a key, and not more than so much. */
export interface Cut<Key> {
  readonly after?: Key;
  readonly limit?: number;
}

/** The specification: of ordered events, those that were asked for. */
export const cutEvents = (events: readonly Event[], { after, limit }: EventQuery): Event[] =>
  events
    .filter(({ at, id }) => after === undefined || at > after.at || (at === after.at && compareText(id, after.id) > 0))
    .slice(0, limit);

/** The same of resources. */
export const cutResources = (resources: readonly Resource[], { after, limit }: ResourceQuery): Resource[] =>
  resources
    .filter(({ region, id }) => after === undefined || compareKeys({ region, resource: id }, after) > 0)
    .slice(0, limit);

/** The same of readings, of which a resource's are never parted. */
export function cutSeries(samples: readonly Sample[], { from, limit }: SampleQuery): Sample[] {
  const rest = samples.filter((sample) => from === undefined || compareKeys(sample, from) >= 0);
  const last = limit === undefined ? undefined : rest[limit - 1];
  return last === undefined ? rest : rest.filter((sample) => compareKeys(sample, last) <= 0);
}

const compareKeys = (a: ResourceKey, b: ResourceKey): number =>
  compareText(a.region, b.region) || compareText(a.resource, b.resource);
