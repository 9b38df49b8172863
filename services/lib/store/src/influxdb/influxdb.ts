import { hourOf, type Instant, permits } from "@raingauge/domain";
import { cutEvents, cutResources, cutSeries } from "../cut.ts";
import { deciding } from "../from-readings.ts";
import { lateOf } from "../late.ts";
import { compareText } from "../order.ts";
import { pointsOf, subjectsOf } from "../points.ts";
import { resourcesTold, toldByEvent } from "../resource.ts";
import { refuseFrozen, type SampleStore } from "../store.ts";
import { turns } from "../turns.ts";
import { append, type Memory } from "./append.ts";
import { coverages } from "./coverages.ts";
import { drawnFrom } from "./drawn.ts";
import { events } from "./events.ts";
import { freeze } from "./freeze.ts";
import { oneOf } from "./line.ts";
import { totals, usages } from "./measured.ts";
import { readNewest } from "./newest.ts";
import { prefixes } from "./prefixes.ts";
import { lateReadings, readings, shown } from "./readings.ts";
import { rollUp } from "./rolled-up/roll-up.ts";
import { look, type Seen, steadily } from "./seen.ts";
import { type InfluxdbAddress, influxdbServer } from "./server.ts";
import { projectsRead, tellings } from "./told.ts";
import { thisProcess, type WriterName } from "./writer.ts";

export interface InfluxdbStoreOptions extends InfluxdbAddress {
  readonly clock: () => Instant;
  /** Who appends; this process, unless a test says otherwise. */
  readonly writer?: WriterName;
  /** How many readings of a long history are rolled up at a time, about; so many as fit in memory, unless a test says otherwise. */
  readonly partReadings?: number;
}

/** A day's of some thousand machines; a day is never split. */
const PART_READINGS = 500_000;

/**
 * The store for those who run an InfluxDB: one bucket, which keeps for ever. Any number of processes may ask, for an answer
 * comes from the server alone; but one alone may append and roll up (`writer.ts`).
 */
export function influxdbStore({
  clock,
  writer = thisProcess(),
  partReadings = PART_READINGS,
  ...address
}: InfluxdbStoreOptions): SampleStore {
  const server = influxdbServer(address);
  const prefix = prefixes();
  const appending = turns();
  let known: Promise<Memory> | undefined;
  const memory = (): Promise<Memory> => (known ??= readNewest(server).then((newest) => ({ prefix, newest })));

  const writing = <T>(work: (seen: Seen, known: Memory) => Promise<T>): Promise<T> =>
    appending(async () => {
      try {
        return await work(await look(server), await memory());
      } catch (error) {
        known = undefined; // It remembers what may never have been stored.
        throw error;
      }
    });

  return {
    append: (arrivals) => writing((seen, known) => append(seen, known, arrivals, { me: writer, now: clock() })),
    rollUp: async () => {
      const report = { series: 0, hours: 0 };
      for (let isMore = true; isMore; ) {
        const part = await writing((seen, known) => rollUp(seen, known, { me: writer, now: clock() }, partReadings));
        report.series = Math.max(report.series, part.series);
        report.hours += part.hours;
        isMore = part.isMore;
      }
      return report;
    },
    freeze: (horizon) => writing((seen, known) => freeze(seen, known, hourOf(horizon), { me: writer, now: clock() })),
    frozen: async () => (await look(server)).commits.frozen,
    late: async (period, scope) =>
      lateOf((await lateReadings(await look(server), period)).filter(({ project }) => permits(scope, project))),
    series: async (query, scope) => {
      const { meter, period, region, resource, asOf } = query;
      const seen = await look(server);
      refuseFrozen(seen.commits.frozen, query);
      const samples = await readings(seen, { meters: [meter], region, resource, asOf });
      return cutSeries(
        deciding(meter, samples, period)
          .filter(({ project }) => permits(scope, project))
          .map(shown),
        query,
      );
    },
    points: ({ meter, period, ...query }, scope, signal) =>
      steadily(server.until(signal), async (seen) =>
        pointsOf(await drawnFrom(seen, { ...query, meters: [meter] }, period), period, scope),
      ),
    subjects: ({ meter, period }, scope, signal) =>
      steadily(server.until(signal), async (seen) => {
        const drawn = await drawnFrom(seen, { meters: meter === undefined ? undefined : [meter] }, period);
        const byMeter = Map.groupBy(drawn, (sample) => sample.meter);
        return [...byMeter.values()].flatMap((mine) => subjectsOf(pointsOf(mine, period, scope)));
      }),
    measure: (query, scope, signal) => steadily(server.until(signal), (seen) => usages(seen, query, scope)),
    totals: (query, scope, signal) => steadily(server.until(signal), (seen) => totals(seen, query, scope, signal)),
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
      const read = (await tellings(seen, period.end)).filter(({ project }) => permits(scope, project));
      return cutResources(
        resourcesTold([...heard.flatMap(toldByEvent), ...read], period).filter(
          (resource) => type === undefined || resource.type === type,
        ),
        { period, ...page },
      );
    },
    coverage: async (query) => coverages(await look(server), query),
    projects: async (period, scope, signal) => {
      const names = await steadily(server.until(signal), async (seen) => [
        ...(await usages(seen, { period }, scope)).map(({ project }) => project),
        ...(await projectsRead(seen, period)),
      ]);
      return [...new Set(names.filter((project) => permits(scope, project)))].toSorted(compareText);
    },
    watermark: async () => appending(async () => (await look(server)).commits.committed),
    [Symbol.asyncDispose]: () => appending(() => server.close()),
  };
}
