import { at, type Batch, columnsOf, IDENTITY_BYTES, type SampleColumns } from "@raingauge/domain";
import type { Catalogue, Series } from "./catalogue.ts";
import { type Entries, entries, type Numbers, tellingBook, tellingNumbers } from "./entering.ts";
import { type GrowingRows, halvesOf, putWhole, roomFor } from "./rows.ts";

/** An arrival's samples, with the numbers of what they name. */
interface Lot {
  readonly columns: SampleColumns;
  readonly entries: Entries;
  readonly tellingOf: (telling: number) => number;
  readonly valueHalves: Uint32Array;
}

/** A row of an arrival. */
export interface Source extends Lot {
  readonly row: number;
}

/** A row not later than its series' last instant: it may be a reading that is there already. */
export interface Suspect extends Source {
  readonly series: Series;
}

export interface Gathered {
  readonly rows: GrowingRows;
  readonly suspects: readonly Suspect[];
  /** The arrival's row that a gathered row was made of. */
  sourceOf(row: number): Source;
}

/**
 * The rows of all batches that can be no duplicates, as rows of the table; and the others. This is the hot path: numbers go
 * from column to column, and nothing is made for a row alone.
 */
export function gather(catalogue: Catalogue, batches: readonly Batch[]): Gathered {
  const all = batches.map((batch) => batch.columns ?? columnsOf(batch.samples));
  const total = all.reduce((sum, { count }) => sum + count, 0);
  const rows = roomFor(total);
  const numberOf = tellingBook(catalogue);
  const lots = all.map(
    (columns): Lot => ({
      columns,
      entries: entries(catalogue, columns),
      tellingOf: tellingNumbers(columns, numberOf),
      valueHalves: halvesOf(columns.value),
    }),
  );
  const batchOf = new Int32Array(total);
  const rowOf = new Int32Array(total);
  const suspects: Suspect[] = [];
  for (const [batch, lot] of lots.entries()) {
    const { columns, entries } = lot;
    const numbers = entries.advanced(columns.at);
    if (numbers !== undefined) {
      for (let row = 0; row < columns.count; row += 1) rowOf[rows.count + row] = row;
      batchOf.fill(batch, rows.count, rows.count + columns.count);
      copyAll(rows, numbers, lot);
      continue;
    }
    for (let row = 0; row < columns.count; row += 1) {
      const series = entries.seriesOf(row);
      if (isLater(series, columns.at[row] ?? 0)) {
        batchOf[rows.count] = batch;
        rowOf[rows.count] = row;
        copy(rows, rows.count, series, lot, row);
        rows.count += 1;
      } else suspects.push({ ...lot, row, series });
    }
  }
  return {
    rows,
    suspects,
    sourceOf: (row) => ({ ...(lots[batchOf[row] ?? 0] as Lot), row: rowOf[row] ?? 0 }),
  };
}

/** What is read poll after poll: whole columns, and nothing asked for a row. */
function copyAll(rows: GrowingRows, { series, claim, stance }: Numbers, { columns, tellingOf }: Lot): void {
  const { count, at, value, telling, ids } = columns;
  const first = rows.count;
  rows.series.set(series, first);
  rows.value.set(value, first);
  rows.stance.set(stance, first);
  rows.claim.set(claim, first);
  for (let row = 0; row < count; row += 1) {
    putWhole(rows.momentHalves, first + row, at[row] ?? 0);
    putWhole(rows.tellingHalves, first + row, tellingOf(telling[row] ?? -1));
    rows.mark[first + row] = ids[row * IDENTITY_BYTES] ?? 0;
  }
  rows.count += count;
}

/** Notes the instant where it is the series' latest. */
function isLater(series: Series, moment: number): boolean {
  if (moment <= series.lastAt) return false;
  series.lastAt = at(moment);
  return true;
}

export function copy(rows: GrowingRows, to: number, { id }: Series, lot: Lot, row: number): void {
  const { columns, entries, tellingOf, valueHalves } = lot;
  rows.series[to] = id;
  putWhole(rows.momentHalves, to, columns.at[row] ?? 0);
  rows.valueHalves[2 * to] = valueHalves[2 * row] ?? 0;
  rows.valueHalves[2 * to + 1] = valueHalves[2 * row + 1] ?? 0;
  rows.stance[to] = entries.stanceOf(row);
  rows.claim[to] = entries.claimOf(row);
  putWhole(rows.tellingHalves, to, tellingOf(columns.telling[row] ?? -1));
  rows.mark[to] = columns.ids[row * IDENTITY_BYTES] ?? 0;
}
