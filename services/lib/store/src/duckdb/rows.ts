import type { ReadingRows } from "./readings.ts";

/** Readings to be stored, growing row by row up to a number that is known before. */
export interface GrowingRows extends ReadingRows {
  count: number;
  /** Whole numbers below 2^53 are written as two halves, so that no bigint is made of them. */
  readonly momentHalves: Uint32Array;
  readonly valueHalves: Uint32Array;
  readonly tellingHalves: Uint32Array;
}

export function roomFor(rows: number): GrowingRows {
  const moment = new BigInt64Array(rows);
  const telling = new BigInt64Array(rows);
  const value = new BigInt64Array(rows);
  return {
    count: 0,
    series: new Int32Array(rows),
    moment,
    value,
    stance: new Uint8Array(rows),
    claim: new Int32Array(rows),
    telling,
    mark: new Uint8Array(rows),
    momentHalves: halvesOf(moment),
    valueHalves: halvesOf(value),
    tellingHalves: halvesOf(telling),
  };
}

/** DuckDB runs on machines that put the low half first, and on no others. An array of halves keeps what is left of a division by one. */
export function putWhole(halves: Uint32Array, row: number, value: number): void {
  halves[2 * row] = value;
  halves[2 * row + 1] = value / HALF;
}

/** The halves of a column of whole numbers, to be copied without a bigint in between. */
export const halvesOf = ({ buffer, byteOffset, length }: BigInt64Array): Uint32Array =>
  new Uint32Array(buffer, byteOffset, 2 * length);

const HALF = 2 ** 32;
