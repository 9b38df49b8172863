import { hourOf, type Instant } from "@raingauge/domain";
import { refuseFrozen, type SampleStore } from "../store.ts";
import { turns } from "../turns.ts";
import { append, mark as markLot } from "./append.ts";
import { catalogue } from "./catalogue.ts";
import { coverages } from "./coverages.ts";
import { readEvents } from "./events.ts";
import { freeze } from "./freeze.ts";
import { readFrozen, readLate, whileFrozen } from "./frozen.ts";
import { claimWriter } from "./lot.ts";
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
import { totals } from "./totals.ts";
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
  let roller: number | undefined;
  const writing = async <T>(work: (mine: Pen, seen: Seen) => Promise<T>): Promise<T> => {
    const seen = await look(server);
    pen ??= await takePen(seen);
    try {
      return await work(pen, seen);
    } catch (error) {
      pen = undefined; // What it wrote last must never count.
      throw error;
    }
  };
  const ask = async <T>(question: (seen: Seen) => Promise<T>, signal?: AbortSignal): Promise<T> =>
    question(await look(server.until(signal)));

  return {
    append: (arrivals) =>
      appending(async () => {
        if (arrivals.length === 0) return { stored: 0, duplicates: 0 };
        return writing((mine, seen) => append(seen, mine, known, arrivals, clock()));
      }),
    rollUp: () =>
      rolling(async () => {
        const seen = await look(server);
        if (seen.lasts.size === 0) return { series: 0, hours: 0 };
        roller ??= await claimWriter(server);
        return rollUp({ server, catalogue: known, writer: roller, now: clock() });
      }),
    freeze: (horizon) =>
      appending(() =>
        rolling(() =>
          writing(async (mine) => {
            const mark = async (): Promise<Instant> => {
              await markLot(await look(server), mine, clock());
              return watermark(server);
            };
            const freezing = { server, catalogue: known, writer: mine.writer, now: clock(), mark };
            return freeze(freezing, hourOf(horizon));
          }),
        ),
      ),
    frozen: () => readFrozen(server),
    late: (period, scope) => ask((seen) => readLate(seen, known, period, scope)),
    series: (query, scope) =>
      whileFrozen(server, async (frozen) => {
        refuseFrozen(frozen, query);
        const seen = await asOf(await look(server), query.asOf);
        return samples(seen, known, query, scope);
      }),
    points: (query, scope, signal) => ask((seen) => points(seen, known, query, scope), signal),
    subjects: (query, scope, signal) => ask((seen) => subjects(seen, known, query, scope), signal),
    measure: async (query, scope, signal) => usages(server.until(signal), known, query, scope),
    totals: (query, scope, signal) => totals(server.until(signal), known, query, scope),
    events: (query, scope) =>
      ask(async (seen) => {
        const { period, resource } = query;
        const mine = resource === undefined ? undefined : `resource = ${quoted(resource)}`;
        return readEvents(seen, every(within("moment", period), mine), scope, query);
      }),
    resources: (query, scope) => ask((seen) => resources(seen, known, query, scope)),
    coverage: (query) => ask(async (seen) => coverages(await asOf(seen, query.asOf), query)),
    projects: (period, scope, signal) => projects(server.until(signal), known, period, scope),
    watermark: () => appending(() => watermark(server)),
    [Symbol.asyncDispose]: () => appending(() => rolling(() => server.close())),
  };
}
