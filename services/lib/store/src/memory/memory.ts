import {
  at,
  type Coverage,
  contains,
  type Event,
  type Instant,
  overlapMs,
  permits,
  type Sample,
  type Scope,
  type Usage,
} from "@raingauge/domain";
import { deciding, usagesFrom } from "../from-readings.ts";
import { compareText } from "../order.ts";
import { pointsOf, subjectsOf } from "../points.ts";
import { resourcesTold, toldByEvent, toldByReading } from "../resource.ts";
import type { AppendResult, Arrival, CoverageQuery, SampleQuery, SampleStore, UsageQuery } from "../store.ts";

export interface MemoryStoreOptions {
  readonly clock: () => Instant;
}

/**
 * The store as plainly as it can be said: it keeps everything that arrives and measures from the readings each time. The
 * other adapters must agree with this one. It forgets when the process ends, and there is nothing to roll up.
 */
export function memoryStore({ clock }: MemoryStoreOptions): SampleStore {
  const shelf = emptyShelf();

  return {
    append: async (arrivals) => put(shelf, arrivals, clock()),
    series: async ({ meter, period, ...query }, scope) =>
      deciding(meter, readings(shelf, { ...query, meter }), period).filter(({ project }) => permits(scope, project)),
    measure: async (query, scope) => usages(shelf, query, scope),
    points: async ({ period, ...query }, scope) => pointsOf(readings(shelf, query), period, scope),
    subjects: async ({ period, ...query }, scope) => {
      const byMeter = Map.groupBy(readings(shelf, query), ({ meter }) => meter);
      return [...byMeter.values()].flatMap((mine) => subjectsOf(pointsOf(mine, period, scope)));
    },
    rollUp: async () => ({ series: 0, hours: 0 }),
    events: async ({ period, resource }, scope) =>
      eventsSeen(shelf, scope)
        .filter((event) => contains(period, event.at) && (resource === undefined || event.resource === resource))
        .toSorted((a, b) => a.at - b.at || compareText(a.id, b.id)),
    resources: async ({ period, type }, scope) => {
      const read = shelf.samples.filter(({ project }) => permits(scope, project)).map(toldByReading);
      const told = eventsSeen(shelf, scope).flatMap(toldByEvent);
      return resourcesTold([...told, ...read], period).filter(
        (resource) => type === undefined || resource.type === type,
      );
    },
    coverage: async (query) => covering(shelf, query).toSorted((a, b) => a.period.start - b.period.start),
    projects: async (period, scope) => {
      const used = usages(shelf, { period }, scope);
      const read = shelf.samples.filter((sample) => contains(period, sample.at) && permits(scope, sample.project));
      return [...new Set([...used, ...read].map(({ project }) => project))].toSorted(compareText);
    },
    watermark: async () => shelf.watermark,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

type Stored<T> = T & { readonly storedAt: Instant };

interface Shelf {
  readonly positions: Set<string>;
  readonly ids: Set<string>;
  /** With every delivery: of several the domain counts the earliest told. */
  readonly samples: Stored<Sample>[];
  readonly events: Event[];
  readonly coverage: Stored<Coverage>[];
  watermark: Instant;
}

const emptyShelf = (): Shelf => ({
  positions: new Set(),
  ids: new Set(),
  samples: [],
  events: [],
  coverage: [],
  watermark: at(0),
});

function put(shelf: Shelf, arrivals: readonly Arrival[], now: Instant): AppendResult {
  const storedAt = at(Math.max(now, shelf.watermark + 1));
  let result: AppendResult = { stored: 0, duplicates: 0 };
  for (const { position, batch } of arrivals) {
    const rows = batch.samples.length + batch.events.length;
    const stored = isNew(shelf.positions, `${position.stream}\n${position.sequence}`)
      ? putBatch(shelf, batch, storedAt)
      : 0;
    result = { stored: result.stored + stored, duplicates: result.duplicates + rows - stored };
  }
  return result;
}

function putBatch(shelf: Shelf, { samples, events, coverage }: Arrival["batch"], storedAt: Instant): number {
  shelf.watermark = storedAt;
  for (const sample of samples) shelf.samples.push({ ...sample, storedAt });
  for (const each of coverage) shelf.coverage.push({ ...each, storedAt });
  const newEvents = events.filter(({ id }) => isNew(shelf.ids, `event ${id}`));
  const newSamples = samples.filter(({ id }) => isNew(shelf.ids, `sample ${id}`));
  for (const event of newEvents) shelf.events.push(event);
  return newEvents.length + newSamples.length;
}

function isNew(known: Set<string>, key: string): boolean {
  if (known.has(key)) return false;
  known.add(key);
  return true;
}

function usages(shelf: Shelf, { meters, period, ...query }: UsageQuery, scope: Scope): Usage[] {
  const coverage = shelf.coverage.filter(({ storedAt }) => storedAt <= (query.asOf ?? shelf.watermark));
  return usagesFrom({ samples: readings(shelf, query), coverage }, { meters, period }, scope);
}

function readings(shelf: Shelf, { meter, region, resource, asOf }: Partial<SampleQuery>): Sample[] {
  return shelf.samples
    .filter(
      (sample) =>
        (meter === undefined || sample.meter === meter) &&
        (region === undefined || sample.region === region) &&
        (resource === undefined || sample.resource === resource) &&
        (asOf === undefined || sample.storedAt <= asOf),
    )
    .map(({ storedAt: _, ...sample }) => sample);
}

const eventsSeen = ({ events }: Shelf, scope: Scope): Event[] =>
  events.filter(({ project }) => (project === undefined ? scope.kind === "all" : permits(scope, project)));

const covering = ({ coverage }: Shelf, { period, region, asOf }: CoverageQuery): Coverage[] =>
  coverage
    .filter(
      (each) =>
        overlapMs(each.period, period) > 0 &&
        (region === undefined || each.region === region) &&
        (asOf === undefined || each.storedAt <= asOf),
    )
    .map(({ storedAt: _, ...each }) => each);
