import type { DuckDBConnection, DuckDBType, DuckDBValue } from "@duckdb/node-api";
import { at, type Instant } from "@raingauge/domain";

export interface Question {
  readonly sql: string;
  readonly values?: Record<string, DuckDBValue>;
  readonly types?: Record<string, DuckDBType>;
}

/** All rows of an answer. */
export async function rowsOf(connection: DuckDBConnection, { sql, values, types }: Question): Promise<Cells[]> {
  const reader = await connection.runAndReadAll(sql, values, types);
  return reader.getRows();
}

/** The same some thousand at a time: of a million rows nobody wants to hold each as a list of its cells. */
export async function* rowsInTurn(
  connection: DuckDBConnection,
  { sql, values, types }: Question,
): AsyncGenerator<Cells[]> {
  const result = await connection.run(sql, values, types);
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk())
    yield chunk.getRows();
}

/** A row as DuckDB gives it. The SELECT beside each use says which type a cell has; the functions below hold it to that. */
export type Cells = readonly DuckDBValue[];

export function text(cell: DuckDBValue | undefined): string {
  if (typeof cell === "string") return cell;
  throw new TypeError(`not a text: ${String(cell)}`);
}

export function integer(cell: DuckDBValue | undefined): number {
  if (typeof cell === "bigint" || typeof cell === "number") return Number(cell);
  throw new TypeError(`not a number: ${String(cell)}`);
}

export function whole(cell: DuckDBValue | undefined): bigint {
  if (typeof cell === "bigint") return cell;
  throw new TypeError(`not a whole number: ${String(cell)}`);
}

export const moment = (cell: DuckDBValue | undefined): Instant => at(integer(cell));

/** Where a cell may be NULL. */
export const optional = <T>(cell: DuckDBValue | undefined, read: (cell: DuckDBValue) => T): T | undefined =>
  cell === null || cell === undefined ? undefined : read(cell);
