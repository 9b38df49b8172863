import { at, type Batch, columnsOf, IDENTITY_BYTES, type SampleColumns } from "@raingauge/domain";
import type { Catalogue, Series } from "./catalogue.ts";
import { type Entries, entries, tellingBook } from "./entering.ts";
import { type GrowingRows, putWhole, roomFor } from "./rows.ts";

/** A row of an arrival. */
export interface Source {
  readonly columns: SampleColumns;
  readonly entries: Entries;
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
  const entered = all.map((columns) => entries(catalogue, columns, numberOf));
  const batchOf = new Int32Array(total);
  const rowOf = new Int32Array(total);
  const suspects: Suspect[] = [];
  for (const [batch, columns] of all.entries()) {
    const mine = entered[batch] as Entries;
    for (let row = 0; row < columns.count; row += 1) {
      const series = mine.seriesOf(row);
      if (isLater(series, columns.at[row] ?? 0)) {
        batchOf[rows.count] = batch;
        rowOf[rows.count] = row;
        copy(rows, rows.count, series, { columns, entries: mine, row });
        rows.count += 1;
      } else suspects.push({ columns, entries: mine, row, series });
    }
  }
  return {
    rows,
    suspects,
    sourceOf(row) {
      const batch = batchOf[row] ?? 0;
      return { columns: all[batch] as SampleColumns, entries: entered[batch] as Entries, row: rowOf[row] ?? 0 };
    },
  };
}

/** Notes the instant where it is the series' latest. */
function isLater(series: Series, moment: number): boolean {
  if (moment <= series.lastAt) return false;
  series.lastAt = at(moment);
  return true;
}

export function copy(rows: GrowingRows, to: number, { id }: Series, { columns, entries, row }: Source): void {
  rows.series[to] = id;
  putWhole(rows.momentHalves, to, columns.at[row] ?? 0);
  rows.value[to] = columns.value[row] ?? 0n;
  rows.stance[to] = entries.stanceOf(row);
  rows.claim[to] = entries.claimOf(row);
  putWhole(rows.tellingHalves, to, entries.tellingOf(row));
  rows.mark[to] = columns.ids[row * IDENTITY_BYTES] ?? 0;
}
