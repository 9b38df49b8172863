import { BIGINT, type DuckDBConnection, DuckDBDataChunk, INTEGER, UTINYINT } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import { CHUNK_ROWS } from "./table.ts";

/** Rows of the table `reading`, column by column, as they lie in memory. */
export interface ReadingRows {
  readonly count: number;
  readonly series: Int32Array<ArrayBuffer>;
  readonly moment: BigInt64Array<ArrayBuffer>;
  readonly value: BigInt64Array<ArrayBuffer>;
  readonly stance: Uint8Array<ArrayBuffer>;
  readonly claim: Int32Array<ArrayBuffer>;
  readonly telling: BigInt64Array<ArrayBuffer>;
  readonly mark: Uint8Array<ArrayBuffer>;
}

const TYPES = [INTEGER, BIGINT, BIGINT, UTINYINT, INTEGER, BIGINT, UTINYINT];

/** Copies whole columns into DuckDB's own memory; a value by itself would be ten times as slow. */
export async function appendReadings(connection: DuckDBConnection, rows: ReadingRows): Promise<void> {
  if (rows.count === 0) return;
  const columns = [rows.series, rows.moment, rows.value, rows.stance, rows.claim, rows.telling, rows.mark];
  const appender = await connection.createAppender("reading");
  for (let start = 0; start < rows.count; start += CHUNK_ROWS) {
    const count = Math.min(CHUNK_ROWS, rows.count - start);
    const chunk = DuckDBDataChunk.create(TYPES, count);
    for (const [index, { buffer, BYTES_PER_ELEMENT: width }] of columns.entries()) {
      const vector = duckdb.data_chunk_get_vector(chunk.chunk, index);
      duckdb.copy_data_to_vector(vector, 0, buffer, start * width, count * width);
    }
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}
