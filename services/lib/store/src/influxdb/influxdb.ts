import { hourOf, type Instant, isDial, permits, type Scope, type Usage } from "@raingauge/domain";
import { cutEvents, cutResources, cutSeries } from "../cut.ts";
import { deciding, totalsFrom, usagesFrom, usagesWith } from "../from-readings.ts";
import { lateOf } from "../late.ts";
import { compareText } from "../order.ts";
import { pointsOf, subjectsOf } from "../points.ts";
import { resourcesTold, toldByEvent, toldByReading } from "../resource.ts";
import { refuseFrozen, type SampleStore, type UsageQuery } from "../store.ts";
import { totalsOf } from "../totals.ts";
import { turns } from "../turns.ts";
import { append, type Memory } from "./append.ts";
import { coverages } from "./coverages.ts";
import { events } from "./events.ts";
import { freeze } from "./freeze.ts";
import { frozenHours } from "./hours.ts";
import { oneOf } from "./line.ts";
import { readNewest } from "./newest.ts";
import { prefixes } from "./prefixes.ts";
import { lateReadings, readings } from "./readings.ts";
import { look, type Seen } from "./seen.ts";
import { type InfluxdbAddress, influxdbServer } from "./server.ts";
import { thisProcess, type WriterName } from "./writer.ts";

export interface InfluxdbStoreOptions extends InfluxdbAddress {
  readonly clock: () => Instant;
  /** Who appends; this process, unless a test says otherwise. */
  readonly writer?: WriterName;
}

/**
 * The store for those who run an InfluxDB: one bucket, which keeps for ever. Any number of processes may ask, for an answer
 * comes from the server alone; but one alone may append (`writer.ts`). It rolls up nothing but what it freezes, and
 * measures all else from the readings each time.
 */
export function influxdbStore({ clock, writer = thisProcess(), ...address }: InfluxdbStoreOptions): SampleStore {
  const server = influxdbServer(address);
  const prefix = prefixes();
  const appending = turns();
  let known: Promise<Memory> | undefined;
  const memory = (): Promise<Memory> => (known ??= readNewest(server).then((newest) => ({ prefix, newest })));

  return {
    append: (arrivals) =>
      appending(async () => {
        try {
          return await append(await look(server), await memory(), arrivals, { me: writer, now: clock() });
        } catch (error) {
          known = undefined; // It remembers what may never have been stored.
          throw error;
        }
      }),
    rollUp: async () => ({ series: 0, hours: 0 }),
    freeze: (horizon) =>
      appending(async () => freeze(await look(server), prefix, hourOf(horizon), { me: writer, now: clock() })),
    frozen: async () => (await look(server)).commits.frozen,
    late: async (period, scope) =>
      lateOf((await lateReadings(await look(server), period)).filter(({ project }) => permits(scope, project))),
    series: async (query, scope) => {
      const { meter, period, region, resource, asOf } = query;
      const seen = await look(server);
      refuseFrozen(seen.commits.frozen, query);
      const samples = await readings(seen, { meters: [meter], region, resource, asOf });
      return cutSeries(
        deciding(meter, samples, period).filter(({ project }) => permits(scope, project)),
        query,
      );
    },
    points: async ({ meter, period, ...query }, scope, signal) => {
      const samples = await readings(
        await look(server.until(signal)),
        { ...query, meters: [meter] },
        { to: period.end },
      );
      return pointsOf(samples, period, scope);
    },
    subjects: async ({ meter, period }, scope, signal) => {
      const meters = meter === undefined ? undefined : [meter];
      const samples = await readings(await look(server.until(signal)), { meters }, { to: period.end });
      const byMeter = Map.groupBy(samples, (sample) => sample.meter);
      return [...byMeter.values()].flatMap((mine) => subjectsOf(pointsOf(mine, period, scope)));
    },
    measure: async (query, scope, signal) => usages(await look(server.until(signal)), query)(query, scope),
    totals: async (query, scope, signal) => {
      const seen = await look(server.until(signal));
      if (seen.commits.frozen !== undefined) return totalsOf(usages(seen, query), query, scope);
      const { meters, region, resource, asOf } = query;
      const [samples, coverage] = await Promise.all([
        readings(seen, { meters, region, resource, asOf }),
        coverages(seen, { region, asOf }),
      ]);
      return totalsFrom({ samples, coverage }, query, scope, signal);
    },
    events: async ({ period, resource, ...page }, scope) =>
      cutEvents(
        await events(
          await look(server),
          {
            from: period.start,
            to: period.end,
            where: resource === undefined ? [] : [oneOf("resource", [resource])],
          },
          scope,
        ),
        { period, ...page },
      ),
    resources: async ({ period, type, ...page }, scope) => {
      const seen = await look(server);
      const heard = await events(seen, { to: period.end }, scope);
      const read = (await readings(seen, {}, { to: period.end })).filter(({ project }) => permits(scope, project));
      return cutResources(
        resourcesTold([...heard.flatMap(toldByEvent), ...read.map(toldByReading)], period).filter(
          (resource) => type === undefined || resource.type === type,
        ),
        { period, ...page },
      );
    },
    coverage: async (query) => coverages(await look(server), query),
    projects: async (period, scope, signal) => {
      const seen = await look(server.until(signal));
      const used = await usages(seen, { period })({ period }, scope);
      const read = await readings(seen, {}, { from: period.start, to: period.end });
      const things = read.filter(({ meter }) => !isDial(meter));
      const names = [...used, ...things].map(({ project }) => project).filter((project) => permits(scope, project));
      return [...new Set(names)].toSorted(compareText);
    },
    watermark: async () => appending(async () => (await look(server)).commits.committed),
    [Symbol.asyncDispose]: () => appending(() => server.close()),
  };
}

/** Measures parts of what was asked for, from what is read once for all of them. */
function usages(
  seen: Seen,
  { meters, region, resource, asOf, period }: UsageQuery,
): (part: UsageQuery, scope: Scope) => Promise<Usage[]> {
  refuseFrozen(seen.commits.frozen, { period, asOf });
  const read = Promise.all([
    readings(seen, { meters, region, resource, asOf }),
    coverages(seen, { region, asOf }),
    frozenHours(seen, { meters, region, resource }, period),
  ]);
  return async (part, scope) => {
    const [samples, coverage, hours] = await read;
    const told = { samples, coverage };
    if (seen.commits.frozen === undefined) return usagesFrom(told, part, scope);
    return usagesWith({ horizon: seen.commits.frozen.horizon, hours }, told, part, scope);
  };
}
