import type { Batch, Instant, Period } from "@raingauge/domain";
import { ALWAYS, batchesOf, coverageKey, metersOf, monthOf, periodOf } from "./copy.ts";
import { type Exported, readParquet, writeParquet } from "./duckdb/parquet.ts";
import type { SampleStore } from "./store.ts";

export { periodOf } from "./copy.ts";
export { type Exported, ParquetAltered } from "./duckdb/parquet.ts";

export interface Exporting {
  readonly from: SampleStore;
  readonly period: Period;
  /** A folder that is there; files of the same names in it are replaced. */
  readonly folder: string;
}

/**
 * Writes whatever decides the usage of a period: its readings, with those before and after that hold into it. Of all projects: what
 * one is billed for may end by what was read when its resource was another's.
 */
export const exportPeriod = ({ from, period, folder }: Exporting): Promise<Exported> =>
  writeParquet(folder, all(from, period));

async function* all(from: SampleStore, period: Period): AsyncGenerator<Batch> {
  yield { samples: [], events: [], coverage: await from.coverage({ period: ALWAYS }) };
  const meters = await metersOf(from);
  for (const part of monthly(period)) yield* batchesOf(from, part, meters);
}

/** A period cut at the months of UTC, so that no more than a month is in memory at a time. */
export function monthly({ start, end }: Period): Period[] {
  const parts: Period[] = [];
  for (let from = start; from < end; ) {
    const to = earlierOf(periodOf(monthOf(from)).end, end);
    parts.push({ start: from, end: to });
    from = to;
  }
  return parts;
}

const earlierOf = (a: Instant, b: Instant): Instant => (a < b ? a : b);

export interface Importing {
  readonly to: SampleStore;
  readonly folder: string;
  /** Names this import's positions; no other import may have had it. */
  readonly name: string;
}

export interface Imported {
  readonly stored: number;
  readonly duplicates: number;
  /** Of those stored, the readings of hours that are frozen in this store: they change no bill. */
  readonly late: number;
}

/** Takes in what was exported. Doing it again stores nothing again, so an import that was broken off is begun anew. */
export async function importFolder({ to, folder, name }: Importing): Promise<Imported> {
  const known = new Set((await to.coverage({ period: ALWAYS })).map(coverageKey));
  let [sequence, stored, duplicates, late] = [0n, 0, 0, 0];
  for await (const batch of readParquet(folder)) {
    sequence += 1n;
    const coverage = batch.coverage.filter((each) => !known.has(coverageKey(each)));
    const position = { stream: `import/${name}`, sequence };
    const result = await to.append([{ position, batch: { ...batch, coverage } }]);
    stored += result.stored;
    duplicates += result.duplicates;
    late += result.late ?? 0;
  }
  await to.rollUp();
  return { stored, duplicates, late };
}
