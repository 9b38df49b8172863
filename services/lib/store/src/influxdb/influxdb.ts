import { type Instant, isDial, permits } from "@raingauge/domain";
import { cutEvents, cutResources, cutSeries } from "../cut.ts";
import { deciding, usagesFrom } from "../from-readings.ts";
import { compareText } from "../order.ts";
import { pointsOf, subjectsOf } from "../points.ts";
import { resourcesTold, toldByEvent, toldByReading } from "../resource.ts";
import type { SampleStore, UsageQuery } from "../store.ts";
import { totalsOf } from "../totals.ts";
import { turns } from "../turns.ts";
import { append, type Memory } from "./append.ts";
import { coverages } from "./coverages.ts";
import { events } from "./events.ts";
import { oneOf } from "./line.ts";
import { readNewest } from "./newest.ts";
import { prefixes } from "./prefixes.ts";
import { readings } from "./readings.ts";
import { look, type Seen } from "./seen.ts";
import { type InfluxdbAddress, influxdbServer } from "./server.ts";

export interface InfluxdbStoreOptions extends InfluxdbAddress {
  readonly clock: () => Instant;
}

/**
 * The store for those who run an InfluxDB: one bucket, which keeps for ever. Any number of processes may ask, for an answer
 * comes from the server alone; but one alone may append, and nothing here notices a second. It measures from the readings
 * each time, and rolls nothing up yet: a question costs as much as all that was ever stored of the series that it concerns.
 */
export function influxdbStore({ clock, ...address }: InfluxdbStoreOptions): SampleStore {
  const server = influxdbServer(address);
  const prefix = prefixes();
  const appending = turns();
  let known: Promise<Memory> | undefined;
  const memory = (): Promise<Memory> => (known ??= readNewest(server).then((newest) => ({ prefix, newest })));

  return {
    append: (arrivals) =>
      appending(async () => {
        try {
          return await append(await look(server), await memory(), arrivals, clock());
        } catch (error) {
          known = undefined; // It remembers what may never have been stored.
          throw error;
        }
      }),
    rollUp: async () => ({ series: 0, hours: 0 }),
    freeze: () =>
      Promise.reject(new Error("a store in InfluxDB keeps every reading: it cannot be told a retention yet")),
    frozen: async () => undefined,
    late: async () => [],
    series: async (query, scope) => {
      const { meter, period, region, resource, asOf } = query;
      const samples = await readings(await look(server), { meters: [meter], region, resource, asOf });
      return cutSeries(
        deciding(meter, samples, period).filter(({ project }) => permits(scope, project)),
        query,
      );
    },
    points: async ({ meter, period, ...query }, scope) => {
      const samples = await readings(await look(server), { ...query, meters: [meter] }, { to: period.end });
      return pointsOf(samples, period, scope);
    },
    subjects: async ({ meter, period }, scope) => {
      const meters = meter === undefined ? undefined : [meter];
      const samples = await readings(await look(server), { meters }, { to: period.end });
      const byMeter = Map.groupBy(samples, (sample) => sample.meter);
      return [...byMeter.values()].flatMap((mine) => subjectsOf(pointsOf(mine, period, scope)));
    },
    measure: async (query, scope) => usagesFrom(await told(await look(server), query), query, scope),
    totals: async (query, scope) => {
      const all = await told(await look(server), query);
      return totalsOf(async (part, who) => usagesFrom(all, part, who), query, scope);
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
    projects: async (period, scope) => {
      const seen = await look(server);
      const used = usagesFrom(await told(seen, {}), { period }, scope);
      const read = await readings(seen, {}, { from: period.start, to: period.end });
      const things = read.filter(({ meter }) => !isDial(meter));
      const names = [...used, ...things].map(({ project }) => project).filter((project) => permits(scope, project));
      return [...new Set(names)].toSorted(compareText);
    },
    watermark: async () => appending(async () => (await look(server)).commits.committed),
    [Symbol.asyncDispose]: () => appending(() => server.close()),
  };
}

async function told(seen: Seen, { meters, region, resource, asOf }: Partial<UsageQuery>) {
  const [samples, coverage] = await Promise.all([
    readings(seen, { meters, region, resource, asOf }),
    coverages(seen, { region, asOf }),
  ]);
  return { samples, coverage };
}
