import { Readable } from "node:stream";
import { ClickHouseError, ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { StoreUnavailable } from "../store.ts";
import { Cursor } from "./cursor.ts";
import { blockOf, type Column } from "./native.ts";

export interface ClickhouseAddress {
  /** `http://host:8123` */
  readonly url: string;
  readonly database: string;
  readonly user?: string;
  readonly password?: string;
  /** Whose servers share the tables. */
  readonly cluster?: string;
}

/** What we ask of a ClickHouse: answers row by row, blocks to be kept, and commands. */
export interface ClickhouseServer {
  /** The question must not name a format. */
  ask<T>(sql: string, read: (row: Cursor) => T): Promise<T[]>;
  /** The same server, whose answers nobody waits for any more once the signal aborts; it ends the statement at hand, and is asked no other. */
  until(signal: AbortSignal | undefined): ClickhouseServer;
  /** Resolves when the server has the whole block. A block that comes again under the same token is none. */
  put(table: string, rows: number, columns: readonly Column[], token: string): Promise<void>;
  command(sql: string): Promise<void>;
  /** Removes rows, and resolves when they are gone. */
  remove(table: string, where: string): Promise<void>;
  /** A table's name with its database's. */
  table(name: string): string;
  close(): Promise<void>;
}

export function clickhouseServer({ url, database, user, password, cluster }: ClickhouseAddress): ClickhouseServer {
  const client = createClient({
    url,
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    application: "raingauge",
    log: { level: ClickHouseLogLevel.OFF }, // What it would say of a failure is the caller's to say.
    request_timeout: PATIENCE_MS,
    max_open_connections: 16,
    clickhouse_settings: cluster === undefined ? SETTINGS : { ...SETTINGS, ...ON_A_CLUSTER },
  });
  const table = (name: string): string => `${identifier(database)}.${identifier(name)}`;

  const command = (sql: string): Promise<void> =>
    patiently(async () => {
      await client.command({ query: sql });
    });

  const answers: ClickhouseServer["ask"] = (sql, read) =>
    patiently(async () => {
      const { stream } = await client.exec({ query: `${sql} format RowBinary` });
      return rowsOf(new Cursor(Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>))), read);
    });
  // Not the client's own `abort_signal`: what it hangs up with may be a connection by which another question is asked.
  const asking =
    (signal: AbortSignal): ClickhouseServer["ask"] =>
    async (sql, read) => {
      signal.throwIfAborted();
      const { promise, reject } = Promise.withResolvers<never>();
      const stop = (): void => reject(signal.reason);
      signal.addEventListener("abort", stop);
      try {
        return await Promise.race([answers(sql, read), promise]);
      } finally {
        signal.removeEventListener("abort", stop);
      }
    };
  const until = (signal: AbortSignal | undefined): ClickhouseServer =>
    signal === undefined ? server : { ...server, ask: asking(signal), until };
  const server: ClickhouseServer = {
    table,
    command,
    remove: (name, where) =>
      command(
        cluster === undefined
          ? `alter table ${table(name)} delete where ${where} settings ${SYNCHRONOUS}`
          : `alter table ${table(`${name}_local`)} on cluster ${identifier(cluster)} delete where ${where} settings ${SYNCHRONOUS}`,
      ),
    ask: answers,
    until,
    put: (name, rows, columns, token) =>
      patiently(async () => {
        if (rows === 0) return;
        const named = columns.map((column) => identifier(column.name)).join(", ");
        const { stream } = await client.exec({
          query: `insert into ${table(name)} (${named}) format Native`,
          values: Readable.from([blockOf(rows, columns)]),
          clickhouse_settings: { insert_deduplication_token: `${name} ${token}` },
        });
        for await (const _ of stream); // An insert answers nothing, and it is done when it has answered.
      }),
    close: () => client.close(),
  };
  return server;
}

/** A removal is done when it is answered, on all replicas; what it goes by does not change meanwhile. */
const SYNCHRONOUS = "mutations_sync = 2, allow_nondeterministic_mutations = 1";

/** Past it we take the server for gone; the bus brings everything again. */
const PATIENCE_MS = 300_000;

/**
 * - Whole answers, or an error instead of the status: never half of one.
 * - An insert is written when it is answered, not queued.
 */
const SETTINGS = {
  wait_end_of_query: 1,
  async_insert: 0,
  max_query_size: "134217728",
} as const;

/**
 * - An insert has reached its shard, and most replicas of it, when it is answered: of two, both.
 * - A series lives on one shard with all that is known of it, so that what is joined lies beside each other.
 */
const ON_A_CLUSTER = {
  distributed_foreground_insert: 1,
  insert_quorum: "auto",
  distributed_product_mode: "local",
} as const;

export const identifier = (name: string): string => `\`${name.replaceAll(/[\\`]/g, "\\$&")}\``;

function rowsOf<T>(cursor: Cursor, read: (row: Cursor) => T): T[] {
  const rows: T[] = [];
  while (!cursor.isAtEnd) rows.push(read(cursor));
  return rows;
}

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asFault(error);
  }
}

function asFault(error: unknown): unknown {
  if (error instanceof RangeError || error instanceof TypeError) return error;
  if (!(error instanceof ClickHouseError))
    return new StoreUnavailable("ClickHouse cannot be reached now", { cause: error });
  if (PASSING.has(error.code))
    return new StoreUnavailable(`ClickHouse cannot answer now (${error.type}): ${error.message}`, { cause: error });
  if (MISSING.has(error.code))
    return new Error(`ClickHouse has no such table; make them by \`raingauge store init\`: ${error.message}`, {
      cause: error,
    });
  return new Error(`ClickHouse refuses (${error.type}): ${error.message}`, { cause: error });
}

/** A table or a database that is not there. */
const MISSING: ReadonlySet<string> = new Set(["60", "81"]);

/**
 * What may be otherwise the next time: time, memory, disk and connections that ran out; a replica that lost its keeper or
 * its quorum; too many parts, which merges will lessen; an ending server.
 */
const PASSING: ReadonlySet<string> = new Set([
  ...[
    "3",
    "74",
    "75",
    "76",
    "159",
    "164",
    "173",
    "198",
    "202",
    "203",
    "204",
    "209",
    "210",
    "225",
    "236",
    "241",
    "242",
    "243",
  ],
  ...[
    "252",
    "279",
    "285",
    "286",
    "289",
    "297",
    "305",
    "319",
    "394",
    "425",
    "439",
    "499",
    "519",
    "571",
    "574",
    "595",
    "999",
  ],
]);
