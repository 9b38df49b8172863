import {
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
} from "@duckdb/node-api";
import { secondsOf } from "../stopwatch.ts";

export interface Table {
  /** Names of columns and their types. */
  readonly columns: Readonly<Record<string, DuckDBType>>;
  /** What is committed together. */
  readonly transactions: readonly (readonly Row[])[];
}

export type Row = readonly DuckDBValue[];

/** DuckDB's appender with nothing of ours around it, on a file of its own. Resolves to the seconds until all is committed. */
export async function appendAlone(path: string, { columns, transactions }: Table): Promise<number> {
  using alone = await appenderAlone(path, columns);
  return await alone.append(transactions);
}

/** The same for what comes in pieces, all to one file. */
export async function appenderAlone(path: string, columns: Table["columns"]) {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  const types = Object.values(columns);
  const declared = Object.entries(columns).map(([name, type]) => `"${name}" ${type}`);
  await connection.run(`create table alone (${declared.join(", ")})`);
  return {
    append: (transactions: Table["transactions"]): Promise<number> =>
      secondsOf(async () => {
        for (const rows of transactions) await append(connection, types, rows);
      }),
    [Symbol.dispose](): void {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function append(connection: DuckDBConnection, types: readonly DuckDBType[], rows: readonly Row[]): Promise<void> {
  await connection.run("begin transaction");
  const appender = await connection.createAppender("alone");
  for (const chunk of chunks(types, rows)) appender.appendDataChunk(chunk);
  appender.closeSync();
  await connection.run("commit");
}

/** As many as DuckDB takes at a time. */
const CHUNK_ROWS = 2_048;

function* chunks(types: readonly DuckDBType[], rows: readonly Row[]): Generator<DuckDBDataChunk> {
  for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
    const some = rows.slice(from, from + CHUNK_ROWS);
    const chunk = DuckDBDataChunk.create(types, some.length);
    chunk.setColumns(types.map((_, column) => some.map((row) => row[column] ?? null)));
    yield chunk;
  }
}

/** A table of so many hours of so many series, and how to sum each series, as a question about a month must at least. */
export async function hoursAlone(path: string, series: number, hours: number) {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(`
    create table hour as select s::integer as series, h as hour, (s * h)::hugeint as quantity
    from range(${series}) as t(s), range(${hours}) as u(h)`);
  return {
    sum: async (): Promise<number> =>
      (await connection.runAndReadAll("select series, sum(quantity) from hour group by series")).currentRowCount,
    [Symbol.dispose](): void {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
