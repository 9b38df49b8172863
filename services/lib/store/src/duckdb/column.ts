import type { DuckDBDataChunk } from "@duckdb/node-api";

/** A column of floats (`::double`) as it lies in memory; none of its cells may be NULL. Good until the next chunk is fetched. */
export const doubles = (chunk: DuckDBDataChunk, index: number): Float64Array => itemsOf(chunk, index, Float64Array);

/** The same of `integer` columns. */
export const integers = (chunk: DuckDBDataChunk, index: number): Int32Array => itemsOf(chunk, index, Int32Array);

/**
 * A vector of numbers keeps them in a typed array, which the driver's types hide. Millions of cells are read through it; asking
 * for them one by one takes longer than the query. Should the driver ever keep them otherwise, this says so.
 */
function itemsOf<T extends Float64Array | Int32Array>(chunk: DuckDBDataChunk, index: number, kind: new () => T): T {
  const { items } = chunk.getColumnVector(index) as unknown as { readonly items?: unknown };
  if (items instanceof kind) return items;
  throw new TypeError(`column ${index} of DuckDB's answer is no ${kind.name}`);
}

/** Columns that grow row by row, of one series. */
export interface Growing {
  length: number;
  at: Float64Array<ArrayBuffer>;
  values: Float64Array<ArrayBuffer>;
}

export const growing = (): Growing => ({ length: 0, at: new Float64Array(64), values: new Float64Array(64) });

export function push(column: Growing, moment: number, value: number): void {
  const { length } = column;
  if (length === column.at.length) {
    column.at = wider(column.at);
    column.values = wider(column.values);
  }
  column.at[length] = moment;
  column.values[length] = value;
  column.length = length + 1;
}

function wider(cells: Float64Array): Float64Array<ArrayBuffer> {
  const made = new Float64Array(cells.length * 2);
  made.set(cells);
  return made;
}
