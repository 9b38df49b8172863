import { BIGINT, type DuckDBConnection, INTEGER, LIST, listValue } from "@duckdb/node-api";
import { at, HOUR_MS, type Instant, type Period } from "@raingauge/domain";
import { integer, rowsOf } from "./answer.ts";
import { type Gathered, joined, within } from "./gathered.ts";

type Series = ReadonlyMap<number, Gathered>;

/** Columns that were gathered, for whoever asks again: a diagram of a week is drawn anew each minute, and nearly all of it is past. */
export interface Kept {
  /**
   * What `read` gathers of the period from the series in the temporary table `standing`, which those of the key are. What is
   * asked for a second time is kept, until something is stored that belongs there or is taken away.
   */
  gather(connection: DuckDBConnection, key: string, period: Period, read: Read): Promise<Series>;
}

type Read = (period: Period) => Promise<Series>;

/** What comes within so long is read each time: agents are late, and would spoil what is kept. */
const TAIL_MS = 2 * HOUR_MS;
/** When so much has to be read after what is kept, all is kept anew. */
const AFTER_MS = 24 * HOUR_MS;
/** As much as sixteen million readings, of all that is kept together. */
const BYTES_MAX = 256 * 2 ** 20;
/** What it takes beside its readings to keep an answer, and of it a series that stood, and one that has readings: an empty one is not free either. */
const BLOCK_BYTES = 1_024;
const STANDING_BYTES = 40;
const SERIES_BYTES = 400;
/** So many questions are remembered of which nothing is kept yet. */
const ASKED_MAX = 1_000;

interface Block {
  readonly period: Period;
  readonly series: Series;
  /** Of all that stood then: that of one nothing is kept says that nothing was there. */
  readonly standing: Set<number>;
  readonly state: State;
  readonly bytes: number;
}

/** What the store was like. */
interface State {
  /** The last telling: what was stored later has a higher number. */
  readonly telling: number;
  readonly frozenSince: number;
}

export function keptColumns(bytesMax: number = BYTES_MAX): Kept {
  const blocks = new Map<string, Block>();
  const asked = new Set<string>();
  return {
    async gather(connection, key, period, read) {
      const state = await stateOf(connection);
      const block = blocks.get(key);
      blocks.delete(key);
      if (block !== undefined && serves(block, period, state) && (await stands(connection, block))) {
        blocks.set(key, { ...block, state });
        const rest = { start: laterOf(block.period.end, period.start), end: period.end };
        return joinedSeries(block.series, rest.start < rest.end ? await read(rest) : new Map(), period);
      }
      const all = await read(period);
      if (!asked.has(key)) remember(asked, key);
      else if (period.end - TAIL_MS > period.start) {
        const settled = { start: period.start, end: at(period.end - TAIL_MS) };
        blocks.set(key, blockOf(all, settled, await standingSeries(connection), state));
        forget(blocks, bytesMax);
      }
      return all;
    },
  };
}

/** To whoever began before it was gathered a block would tell of what came since. */
const serves = ({ period, state }: Block, asked: Period, now: State): boolean =>
  state.frozenSince === now.frozenSince &&
  state.telling <= now.telling &&
  period.start <= asked.start &&
  asked.end - period.end <= AFTER_MS;

const laterOf = (a: Instant, b: Instant): Instant => (a < b ? b : a);

async function stateOf(connection: DuckDBConnection): Promise<State> {
  const [row] = await rowsOf(connection, {
    sql: "select (select coalesce(max(telling_id), 0) from telling), (select coalesce(max(since), 0) from frozen)",
  });
  return { telling: integer(row?.[0]), frozenSince: integer(row?.[1]) };
}

/** Nothing was stored since that belongs there, and no series is asked for now of which something is there and was not kept. */
async function stands(connection: DuckDBConnection, { period, standing, state }: Block): Promise<boolean> {
  const found = async (condition: string, values: object, types: object): Promise<boolean> => {
    const rows = await rowsOf(connection, {
      sql: `select 1 from reading where moment >= $start and moment < $end and ${condition} limit 1`,
      values: { start: BigInt(period.start), end: BigInt(period.end), ...values },
      types: { start: BIGINT, end: BIGINT, ...types },
    });
    return rows.length > 0;
  };
  const telling = { telling: BigInt(state.telling) };
  const late = "telling_id > $telling and series_id in (select series_id from standing)";
  if (await found(late, telling, { telling: BIGINT })) return false;
  const others = [...(await standingSeries(connection))].filter((id) => !standing.has(id));
  if (others.length === 0) return true;
  const added = "series_id in (select unnest($others))";
  if (await found(added, { others: listValue(others) }, { others: LIST(INTEGER) })) return false;
  for (const id of others) standing.add(id);
  return true;
}

async function standingSeries(connection: DuckDBConnection): Promise<Set<number>> {
  const rows = await rowsOf(connection, { sql: "select series_id from standing" });
  return new Set(rows.map(([id]) => integer(id)));
}

/** In columns of its own: what is given away is handed on to another thread, and gone. */
function blockOf(all: Series, period: Period, standing: Set<number>, state: State): Block {
  const series = new Map<number, Gathered>();
  let bytes = BLOCK_BYTES + STANDING_BYTES * standing.size;
  for (const [id, gathered] of all) {
    const own = joined(within(gathered, period), undefined);
    if (own === undefined) continue;
    series.set(id, own);
    bytes += SERIES_BYTES + own.columns.at.byteLength + own.columns.values.byteLength;
  }
  return { period, series, standing, state, bytes };
}

function joinedSeries(kept: Series, rest: Series, period: Period): Series {
  const found = new Map<number, Gathered>();
  for (const id of new Set([...kept.keys(), ...rest.keys()])) {
    const earlier = kept.get(id);
    const both = joined(earlier && within(earlier, period), rest.get(id));
    if (both !== undefined) found.set(id, both);
  }
  return found;
}

function remember(asked: Set<string>, key: string): void {
  if (asked.size >= ASKED_MAX) asked.clear();
  asked.add(key);
}

/** What was asked for longest ago goes first. */
function forget(blocks: Map<string, Block>, bytesMax: number): void {
  let bytes = [...blocks.values()].reduce((sum, block) => sum + block.bytes, 0);
  for (const [key, block] of blocks) {
    if (bytes <= bytesMax) return;
    blocks.delete(key);
    bytes -= block.bytes;
  }
}
