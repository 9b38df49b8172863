import type { DuckDBConnection } from "@duckdb/node-api";
import { hourOf, type Instant } from "@raingauge/domain";
import type { RollUpReport, SampleStore, UsageQuery } from "../store.ts";
import { turns } from "../turns.ts";
import { append } from "./append.ts";
import type { Catalogue } from "./catalogue.ts";
import { compactionParts, compactPart, dueMonthEnd, noteCompacted } from "./compact.ts";
import { coverages } from "./coverages.ts";
import { openDatabase } from "./database.ts";
import { events } from "./events.ts";
import { freeze } from "./freeze.ts";
import { readFrozen, readLate } from "./frozen.ts";
import { keptColumns } from "./kept.ts";
import { isMuchLate } from "./lateness.ts";
import { usages } from "./measure.ts";
import { points } from "./points.ts";
import { projects } from "./projects.ts";
import { remember } from "./remember.ts";
import { resources } from "./resources.ts";
import { rollUp } from "./roll-up.ts";
import { samples } from "./samples.ts";
import { subjects } from "./subjects.ts";
import { totals } from "./totals.ts";

export { StoreInUse } from "./database.ts";

export interface DuckdbStoreOptions {
  /** A file that this process alone may open, or `:memory:`. */
  readonly path: string;
  readonly clock: () => Instant;
  /** How many readings a roll-up takes in one transaction, whole messages; with as many it stays within DuckDB's gigabyte. */
  readonly rolledUpAtOnce?: number;
}

/**
 * The embedded store: one file, no server. Arrivals are appended and committed one transaction at a time; roll-ups and
 * questions go on beside them, each on the state that it began with.
 */
export async function duckdbStore({
  path,
  clock,
  rolledUpAtOnce = 32_000_000,
}: DuckdbStoreOptions): Promise<SampleStore> {
  const database = await openDatabase(path);
  let kept = keptColumns();
  let known: Promise<Catalogue> | undefined;
  const catalogue = (): Promise<Catalogue> => (known ??= database.transact(remember));
  const appending = turns();
  const rolling = turns();

  /** The state is taken first and the catalogue after it: then it knows every number that the state has. */
  const ask = <T>(
    question: (connection: DuckDBConnection, catalogue: Catalogue) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> =>
    database.transact(async (connection) => {
      await connection.run("from position limit 1");
      return question(connection, await catalogue());
    }, signal);

  const numbering: typeof ask = async (work) => {
    try {
      return await ask(work);
    } catch (error) {
      // It numbered what was never stored, and other things will get these numbers.
      known = undefined;
      kept = keptColumns();
      throw error;
    }
  };

  /** So much at a time, each in a transaction of its own, however much arrived since the last time. */
  const rolledUp = async (): Promise<RollUpReport> => {
    let [series, hours] = [0, 0];
    for (let isAll = false; !isAll; ) {
      const done = await ask((connection, current) => rollUp(connection, current, rolledUpAtOnce));
      series += done.series;
      hours += done.hours;
      isAll = done.isAll;
    }
    return { series, hours };
  };

  /** Questions about the past use no roll-ups. */
  const caughtUp = async ({ asOf }: Pick<UsageQuery, "asOf">, signal: AbortSignal | undefined): Promise<void> => {
    if (asOf === undefined && (await ask(isMuchLate, signal))) await rolling(rolledUp);
  };

  /** Once a month, part by part, each by itself: nothing that arrives meanwhile waits for more than its commit. */
  const compact = async (): Promise<void> => {
    const until = await ask((connection) => dueMonthEnd(connection, clock()));
    if (until === undefined) return;
    for (const part of await ask((connection) => compactionParts(connection, until)))
      await ask((connection) => compactPart(connection, part, until));
    await ask((connection) => noteCompacted(connection, until));
  };

  return {
    append: (arrivals) =>
      appending(() => numbering((connection, current) => append(connection, current, arrivals, clock()))),
    rollUp: () =>
      rolling(async () => {
        const report = await rolledUp();
        await compact();
        return report;
      }),
    freeze: (horizon) =>
      appending(() =>
        rolling(async () => {
          await rolledUp();
          return numbering((connection, current) => freeze(connection, current, hourOf(horizon), clock()));
        }),
      ),
    frozen: () => ask((connection) => readFrozen(connection)),
    late: (period, scope) => ask((connection) => readLate(connection, period, scope)),
    series: (query, scope) => ask((connection, current) => samples(connection, current, query, scope)),
    points: (query, scope, signal) =>
      ask((connection, current) => points(connection, current, kept, query, scope), signal),
    subjects: (query, scope, signal) =>
      ask((connection, current) => subjects(connection, current, query, scope), signal),
    measure: async (query, scope, signal) => {
      await caughtUp(query, signal);
      return ask((connection, current) => usages(connection, current, query, scope), signal);
    },
    totals: async (query, scope, signal) => {
      await caughtUp(query, signal);
      return ask((connection, current) => totals(connection, current, query, scope), signal);
    },
    events: (query, scope) => ask((connection) => events(connection, query, scope)),
    resources: (query, scope) => ask((connection, current) => resources(connection, current, query, scope)),
    coverage: (query) => ask((connection) => coverages(connection, query)),
    projects: (period, scope, signal) =>
      ask((connection, current) => projects(connection, current, period, scope), signal),
    watermark: () => appending(async () => (await catalogue()).storedAt),
    [Symbol.asyncDispose]: () => appending(() => rolling(async () => database[Symbol.asyncDispose]())),
  };
}
