import type { Instant, Period, Scope, Usage } from "@raingauge/domain";
import type { SampleStore, Total } from "@raingauge/store";
import { alikeTotals, usagesOnce } from "./alike.ts";

export interface Parts {
  readonly start: Instant;
  /** Where each part ends and the next begins, ascending. */
  readonly ends: readonly Instant[];
  /** Meters of which each resource is looked at by itself: by a price, or by whoever asks. */
  readonly byResource: ReadonlySet<string>;
  /** These meters only; all when absent. */
  readonly meters?: readonly string[] | undefined;
}

/** A usage with a text for whose it is, which is the same in each part. */
export interface Keyed {
  readonly key: string;
  readonly usage: Usage;
}

/** What was used in the part of this number. */
export type PartAt = (index: number) => Promise<readonly Keyed[]>;

/** So many usages are kept of what was read ahead. */
const ROWS_MAX = 200_000;
/** So many parts are asked for before anybody knows how much is in one; and how many times as many the next time, at most. */
const FIRST_PARTS = 8;
const TIMES_MORE = 64;

interface Chunk {
  readonly from: number;
  readonly to: number;
  told: Promise<ReadonlyMap<Instant, readonly Keyed[]>> | undefined;
  /** In all its parts, and in the fullest; 0 until they are there. */
  rows: number;
  most: number;
}

/** The parts, as many in one question to the store as are not too many usages. What is not kept is asked for again. */
export function readAhead(
  store: Pick<SampleStore, "totals">,
  parts: Parts,
  scope: Scope,
  rowsMax: number = ROWS_MAX,
): PartAt {
  const { ends } = parts;
  const chunks: Chunk[] = [];
  const read = reader(store, parts, scope);
  const load = async (chunk: Chunk): Promise<ReadonlyMap<Instant, readonly Keyed[]>> => {
    chunk.told ??= read(chunk.from, chunk.to);
    const told = await chunk.told;
    const counts = [...told.values()].map(({ length }) => length);
    chunk.rows = counts.reduce((sum, count) => sum + count, 0);
    chunk.most = Math.max(1, ...counts);
    forget(chunks, chunk, rowsMax);
    return told;
  };
  return async (index) => {
    const end = ends[index];
    if (end === undefined) return [];
    for (;;) {
      const chunk = chunks.find(({ from, to }) => from <= index && index < to);
      if (chunk !== undefined) return (await load(chunk)).get(end) ?? [];
      const last = chunks.at(-1);
      if (last?.most === 0) await load(last);
      else chunks.push(after(last, chunks, ends.length, rowsMax));
    }
  };
}

function after(last: Chunk | undefined, chunks: readonly Chunk[], count: number, rowsMax: number): Chunk {
  const from = last?.to ?? 0;
  const most = Math.max(1, ...chunks.map((chunk) => chunk.most));
  const size = last === undefined ? FIRST_PARTS : Math.min(rowsMax / most, (last.to - last.from) * TIMES_MORE);
  return { from, to: Math.min(count, from + Math.max(1, Math.floor(size))), told: undefined, rows: 0, most: 0 };
}

/** What was read first goes first, and never what is looked at now. */
function forget(chunks: readonly Chunk[], now: Chunk, rowsMax: number): void {
  let rows = now.rows;
  for (const chunk of chunks.toReversed()) {
    if (chunk === now || chunk.told === undefined) continue;
    rows += chunk.rows;
    if (rows > rowsMax) chunk.told = undefined;
  }
}

/** Asks for the parts from one to before another, in one question; in two where only some meters are looked at by the resource. */
function reader(store: Pick<SampleStore, "totals">, { start, ends, byResource, meters }: Parts, scope: Scope) {
  const [usageOf, keyIn] = [usagesOnce(), keysOnce()];
  return async (from: number, to: number): Promise<ReadonlyMap<Instant, readonly Keyed[]>> => {
    const period: Period = { start: ends[from - 1] ?? start, end: ends[to - 1] ?? start };
    const query = { period, cuts: ends.slice(from, to - 1), ...(meters === undefined ? {} : { meters }) };
    const totals = await alikeTotals(store, query, (meter) => byResource.has(meter), scope);
    return Map.groupBy(
      totals.map((total) => ({ key: keyIn(total), usage: usageOf(total) })),
      ({ usage }) => usage.period.end,
    );
  };
}

/** A store that gives the same list of terms again is not asked for its text again. Merged totals are of other meters than single ones. */
function keysOnce(): (total: Total) => string {
  const known = new Map<readonly string[], string>();
  return ({ meter, by }) => {
    const text = known.get(by) ?? JSON.stringify(by);
    known.set(by, text);
    return `${meter} ${text}`;
  };
}
