import { type DuckDBDataChunk, DuckDBListVector } from "@duckdb/node-api";

/** A list of floats (`list(…::double)`) as it lies in memory; none of its cells may be NULL. Good until the next chunk is fetched. */
export function doublesIn(chunk: DuckDBDataChunk, column: number, row: number): Float64Array {
  const vector = chunk.getColumnVector(column);
  if (!(vector instanceof DuckDBListVector)) throw new TypeError(`column ${column} of DuckDB's answer is no list`);
  // A vector of numbers keeps them in a typed array, which the driver's types hide. Millions of cells are read through it; asking
  // for them one by one takes longer than the query. Should the driver ever keep them otherwise, this says so.
  const { items } = vector.getItemVector(row) as unknown as { readonly items?: unknown };
  if (items instanceof Float64Array) return items;
  throw new TypeError(`column ${column} of DuckDB's answer is no list of floats`);
}
