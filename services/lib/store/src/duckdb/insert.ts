import type { DuckDBConnection } from "@duckdb/node-api";

/**
 * Inserts what a question finds, and nothing at all where it finds nothing. DuckDB 1.5.6 loses the rows of an insert without a word when
 * they fill a row group (122,880 rows) and an insert before it, into the same table in the same transaction, had none: of rows that come
 * straight from a table, in its order or in another. What comes out of groups, joins and windows is not lost, nor what is appended.
 */
export async function insertFound(
  connection: DuckDBConnection,
  table: string,
  question: string,
  order = "",
): Promise<void> {
  const found = await connection.runAndReadAll(`from (${question}) limit 1`);
  if (found.currentRowCount > 0) await connection.run(`insert into ${table} ${question} ${order}`);
}
