import {
  at,
  type Coverage,
  contains,
  type Event,
  hourOf,
  type Instant,
  isDial,
  overlapMs,
  permits,
  type Sample,
  type Scope,
  toldEarlier,
  type Usage,
} from "@raingauge/domain";
import { cutEvents, cutResources, cutSeries } from "../cut.ts";
import { deciding, hoursUntil, survivors, type Told, totalsFrom, usagesFrom, usagesWith } from "../from-readings.ts";
import { lateOf } from "../late.ts";
import { compareText } from "../order.ts";
import { pointsOf, subjectsOf } from "../points.ts";
import { resourcesTold, toldByEvent, toldByReading } from "../resource.ts";
import {
  type AppendResult,
  type Arrival,
  type CoverageQuery,
  type FreezeReport,
  type Frozen,
  refuseFrozen,
  type SampleQuery,
  type SampleStore,
  type UsageQuery,
} from "../store.ts";
import { totalsOf } from "../totals.ts";

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
    series: async (query, scope) => {
      refuseFrozen(shelf.frozen, query);
      const readingsDeciding = deciding(query.meter, readings(shelf, query), query.period);
      return cutSeries(
        readingsDeciding.filter(({ project }) => permits(scope, project)),
        query,
      );
    },
    measure: async (query, scope, signal) => {
      signal?.throwIfAborted();
      return usages(shelf, query, scope);
    },
    totals: async (query, scope, signal) => {
      signal?.throwIfAborted();
      return shelf.frozen === undefined
        ? totalsFrom(toldFor(shelf, query), query, scope, signal)
        : totalsOf(async (part, who) => usages(shelf, part, who), query, scope);
    },
    points: async ({ period, ...query }, scope, signal) => {
      signal?.throwIfAborted();
      return pointsOf(readings(shelf, query), period, scope);
    },
    subjects: async ({ period, ...query }, scope, signal) => {
      signal?.throwIfAborted();
      const byMeter = Map.groupBy(readings(shelf, query), ({ meter }) => meter);
      return [...byMeter.values()].flatMap((mine) => subjectsOf(pointsOf(mine, period, scope)));
    },
    rollUp: async () => ({ series: 0, hours: 0 }),
    freeze: async (horizon) => freeze(shelf, hourOf(horizon), clock()),
    frozen: async () => shelf.frozen,
    late: async (period, scope) =>
      lateOf(shelf.late.filter((each) => contains(period, each.at) && permits(scope, each.project))),
    events: async ({ period, resource, ...page }, scope) =>
      cutEvents(
        eventsSeen(shelf, scope)
          .filter((event) => contains(period, event.at) && (resource === undefined || event.resource === resource))
          .toSorted((a, b) => a.at - b.at || compareText(a.id, b.id)),
        { period, ...page },
      ),
    resources: async (query, scope) => {
      const read = shelf.samples.filter(({ project }) => permits(scope, project)).map(toldByReading);
      const told = eventsSeen(shelf, scope).flatMap(toldByEvent);
      return cutResources(
        resourcesTold([...told, ...read], query.period).filter(
          ({ type }) => query.type === undefined || type === query.type,
        ),
        query,
      );
    },
    coverage: async (query) => covering(shelf, query).toSorted((a, b) => a.period.start - b.period.start),
    projects: async (period, scope, signal) => {
      signal?.throwIfAborted();
      const used = usages(shelf, { period }, scope);
      const read = shelf.samples.filter(
        (sample) => contains(period, sample.at) && permits(scope, sample.project) && !isDial(sample.meter),
      );
      return [...new Set([...used, ...read].map(({ project }) => project))].toSorted(compareText);
    },
    watermark: async () => shelf.watermark,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

type Stored<T> = T & { readonly storedAt: Instant };

interface Shelf {
  readonly positions: Set<string>;
  /** Of events. */
  readonly ids: Set<string>;
  /** The telling of each reading that counts. */
  readonly told: Map<string, Sample>;
  /** With every delivery that was told earlier than those before it. */
  samples: Stored<Sample>[];
  readonly events: Event[];
  readonly coverage: Stored<Coverage>[];
  watermark: Instant;
  frozen: Frozen | undefined;
  /** Usage of the frozen hours. */
  readonly hours: Usage[];
  late: Stored<Sample>[];
}

const emptyShelf = (): Shelf => ({
  positions: new Set(),
  ids: new Set(),
  told: new Map(),
  samples: [],
  events: [],
  coverage: [],
  watermark: at(0),
  frozen: undefined,
  hours: [],
  late: [],
});

function put(shelf: Shelf, arrivals: readonly Arrival[], now: Instant): AppendResult {
  const storedAt = at(Math.max(now, shelf.watermark + 1));
  const lateBefore = shelf.late.length;
  let result: AppendResult = { stored: 0, duplicates: 0 };
  for (const { position, batch } of arrivals) {
    const rows = batch.samples.length + batch.events.length;
    const stored = isNew(shelf.positions, `${position.stream}\n${position.sequence}`)
      ? putBatch(shelf, batch, storedAt)
      : 0;
    result = { stored: result.stored + stored, duplicates: result.duplicates + rows - stored };
  }
  const late = shelf.late.length - lateBefore;
  return late === 0 ? result : { ...result, late };
}

function putBatch(shelf: Shelf, { samples, events, coverage }: Arrival["batch"], storedAt: Instant): number {
  shelf.watermark = storedAt;
  for (const each of coverage) shelf.coverage.push({ ...each, storedAt });
  const newEvents = events.filter(({ id }) => isNew(shelf.ids, id));
  for (const event of newEvents) shelf.events.push(event);
  const newSamples = samples.filter((sample) => isFirstTold(shelf, { ...sample, storedAt }));
  const horizon = shelf.frozen?.horizon ?? Number.NEGATIVE_INFINITY;
  for (const sample of newSamples) if (sample.at < horizon) shelf.late.push({ ...sample, storedAt });
  return newEvents.length + newSamples.length;
}

/** Of several tellings of one reading the earliest counts; whatever is told later says nothing new. */
function isFirstTold(shelf: Shelf, sample: Stored<Sample>): boolean {
  const known = shelf.told.get(sample.id);
  if (known !== undefined && !toldEarlier(sample, known)) return false;
  shelf.told.set(sample.id, sample);
  shelf.samples.push(sample);
  return known === undefined;
}

function isNew(known: Set<string>, key: string): boolean {
  if (known.has(key)) return false;
  known.add(key);
  return true;
}

function usages(shelf: Shelf, { meters, period, ...query }: UsageQuery, scope: Scope): Usage[] {
  refuseFrozen(shelf.frozen, { period, asOf: query.asOf });
  const told = toldFor(shelf, query);
  if (shelf.frozen === undefined) return usagesFrom(told, { meters, period }, scope);
  const { region, resource } = query;
  const hours = shelf.hours.filter(
    (usage) => (region ?? usage.region) === usage.region && (resource ?? usage.resource) === usage.resource,
  );
  return usagesWith({ horizon: shelf.frozen.horizon, hours }, told, { meters, period }, scope);
}

const toldFor = (shelf: Shelf, query: Pick<UsageQuery, "region" | "resource" | "asOf">): Told => ({
  samples: readings(shelf, query),
  coverage: shelf.coverage.filter(({ storedAt }) => storedAt <= (query.asOf ?? shelf.watermark)),
});

function freeze(shelf: Shelf, horizon: Instant, now: Instant): FreezeReport {
  const before = shelf.frozen?.horizon;
  if (before !== undefined && horizon <= before) return { horizon: before, removed: 0 };
  shelf.hours.push(...hoursUntil(horizon, before, shelf));
  const kept = survivors(shelf.samples, horizon);
  const removed = shelf.samples.length - kept.length;
  shelf.samples = kept;
  shelf.late = shelf.late.filter(({ storedAt }) => storedAt >= horizon);
  const left = new Set(kept.map(({ id }) => id));
  for (const id of shelf.told.keys()) if (!left.has(id)) shelf.told.delete(id);
  shelf.watermark = at(Math.max(now, shelf.watermark + 1));
  shelf.frozen = { horizon, since: shelf.watermark };
  return { horizon, removed };
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
