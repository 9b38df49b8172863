import { IDENTITY_BYTES, type SampleColumns, type Telling } from "@raingauge/domain";
import type { Entries } from "./entering.ts";
import type { Lot } from "./lot.ts";
import { type Column, numbers, texts } from "./native.ts";

/** A row of an arrival. */
export interface Source {
  readonly columns: SampleColumns;
  readonly entries: Entries;
  readonly row: number;
}

/** Rows of the table `reading` to be stored, in columns that grow up to a number that is known before. */
export interface Rows {
  count: number;
  readonly series: BigUint64Array<ArrayBuffer>;
  readonly moment: BigInt64Array<ArrayBuffer>;
  readonly momentHalves: Int32Array<ArrayBuffer>;
  readonly value: BigInt64Array<ArrayBuffer>;
  readonly stance: Uint8Array<ArrayBuffer>;
  readonly claim: BigUint64Array<ArrayBuffer>;
  readonly sequence: BigInt64Array<ArrayBuffer>;
  readonly sequenceHalves: Int32Array<ArrayBuffer>;
  readonly transition: string[];
  readonly telling: Uint32Array<ArrayBuffer>;
  readonly mark: Uint8Array<ArrayBuffer>;
}

export function roomFor(rows: number): Rows {
  const moment = new BigInt64Array(rows);
  const sequence = new BigInt64Array(rows);
  return {
    count: 0,
    series: new BigUint64Array(2 * rows),
    moment,
    momentHalves: new Int32Array(moment.buffer),
    value: new BigInt64Array(rows),
    stance: new Uint8Array(rows),
    claim: new BigUint64Array(2 * rows),
    sequence,
    sequenceHalves: new Int32Array(sequence.buffer),
    transition: [],
    telling: new Uint32Array(rows),
    mark: new Uint8Array(rows),
  };
}

/** This is the hot path: numbers go from column to column, and nothing is made for a row alone. */
export function copy(rows: Rows, to: number, { columns, entries, row }: Source): void {
  const series = entries.seriesOf(row);
  const claim = entries.claimOf(row);
  const { sequence, transition } = columns.tellings[columns.telling[row] ?? -1] as Telling;
  rows.series[2 * to] = series.low;
  rows.series[2 * to + 1] = series.high;
  putWhole(rows.momentHalves, to, columns.at[row] ?? 0);
  rows.value[to] = columns.value[row] ?? 0n;
  rows.stance[to] = entries.stanceOf(row);
  rows.claim[2 * to] = claim.low;
  rows.claim[2 * to + 1] = claim.high;
  putWhole(rows.sequenceHalves, to, sequence);
  if (transition !== undefined || to < rows.transition.length) rows.transition[to] = transition ?? "";
  rows.telling[to] = entries.tellingOf(row);
  rows.mark[to] = columns.ids[row * IDENTITY_BYTES] ?? 0;
}

/** Whole numbers below 2^53 are written as two halves, so that no bigint is made of them. */
function putWhole(halves: Int32Array, row: number, value: number): void {
  const high = Math.floor(value / HALF);
  halves[2 * row] = value - high * HALF;
  halves[2 * row + 1] = high;
}

const HALF = 2 ** 32;

export const readingColumns = (rows: Rows, lot: Lot): Column[] => [
  { name: "series", type: "UInt128", parts: [bytesOf(rows.series, 2 * rows.count)] },
  numbers("moment", rows.moment, rows.count),
  numbers("value", rows.value, rows.count),
  numbers("stance", rows.stance, rows.count),
  { name: "claim", type: "UInt128", parts: [bytesOf(rows.claim, 2 * rows.count)] },
  numbers("sequence", rows.sequence, rows.count),
  transitions(rows),
  numbers("lot", new BigUint64Array(rows.count).fill(lot), rows.count, "UInt64"),
  numbers("telling", rows.telling, rows.count),
  numbers("mark", rows.mark, rows.count),
];

const bytesOf = (array: BigUint64Array, count: number): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, 8 * count);

/** Nearly all are empty, and an empty text is a zero. */
const transitions = ({ count, transition }: Rows): Column =>
  transition.length === 0
    ? { name: "transition", type: "String", parts: [new Uint8Array(count)] }
    : texts(
        "transition",
        Array.from({ length: count }, (_, row) => transition[row] ?? ""),
      );
