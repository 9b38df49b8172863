import type { Instant } from "@raingauge/domain";
import { cutEvents, cutResources, cutSeries } from "../cut.ts";
import type { SampleStore } from "../store.ts";
import { totalsOf } from "../totals.ts";
import { turns } from "../turns.ts";
import { append } from "./append.ts";
import { catalogue } from "./catalogue.ts";
import { coverages } from "./coverages.ts";
import { readEvents } from "./events.ts";
import { usages } from "./measure.ts";
import { type Pen, takePen } from "./pen.ts";
import { points } from "./points.ts";
import { projects } from "./projects.ts";
import { resources } from "./resources.ts";
import { rollUp } from "./roll-up.ts";
import { samples } from "./samples.ts";
import { asOf, look, type Seen } from "./seen.ts";
import { type ClickhouseAddress, clickhouseServer } from "./server.ts";
import { every, quoted, within } from "./sql.ts";
import { subjects } from "./subjects.ts";
import { watermark } from "./watermark.ts";

export interface ClickhouseStoreOptions extends ClickhouseAddress {
  readonly clock: () => Instant;
}

/**
 * The store for clouds that outgrow one machine: a database on a ClickHouse server or cluster, whose tables `raingauge store
 * init` has made. Any number of processes may append, roll up and ask at once.
 */
export function clickhouseStore({ clock, ...address }: ClickhouseStoreOptions): SampleStore {
  const server = clickhouseServer(address);
  const known = catalogue(server);
  const appending = turns();
  const rolling = turns();
  let pen: Pen | undefined;
  const ask = async <T>(question: (seen: Seen) => Promise<T>): Promise<T> => question(await look(server));

  return {
    append: (arrivals) =>
      appending(async () => {
        if (arrivals.length === 0) return { stored: 0, duplicates: 0 };
        const seen = await look(server);
        pen ??= await takePen(seen);
        try {
          return await append(seen, pen, known, arrivals, clock());
        } catch (error) {
          pen = undefined; // What it wrote last must never count.
          throw error;
        }
      }),
    rollUp: () =>
      rolling(async () => {
        const seen = await look(server);
        if (seen.lasts.size === 0) return { series: 0, hours: 0 };
        pen ??= await takePen(seen);
        return rollUp({ server, catalogue: known, writer: pen.writer, now: clock() });
      }),
    freeze: () =>
      Promise.reject(new Error("a store in ClickHouse keeps every reading: it cannot be told a retention yet")),
    frozen: async () => undefined,
    late: async () => [],
    series: (query, scope) =>
      ask(async (seen) => cutSeries(await samples(await asOf(seen, query.asOf), known, query, scope), query)),
    points: (query, scope) => ask((seen) => points(seen, known, query, scope)),
    subjects: (query, scope) => ask((seen) => subjects(seen, known, query, scope)),
    measure: (query, scope) => usages(server, known, query, scope),
    totals: (query, scope) => totalsOf((part, who) => usages(server, known, part, who), query, scope),
    events: (query, scope) =>
      ask(async (seen) => {
        const { period, resource } = query;
        const mine = resource === undefined ? undefined : `resource = ${quoted(resource)}`;
        return cutEvents(await readEvents(seen, every(within("moment", period), mine), scope), query);
      }),
    resources: (query, scope) => ask(async (seen) => cutResources(await resources(seen, known, query, scope), query)),
    coverage: (query) => ask(async (seen) => coverages(await asOf(seen, query.asOf), query)),
    projects: (period, scope) => projects(server, known, period, scope),
    watermark: () => appending(() => watermark(server)),
    [Symbol.asyncDispose]: () => appending(() => rolling(() => server.close())),
  };
}
