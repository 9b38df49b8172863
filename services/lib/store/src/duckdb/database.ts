import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { StoreUnavailable } from "../store.ts";
import { renewDays } from "./days.ts";
import { SCHEMA } from "./schema.ts";

/** Another process, or another part of this one, holds the file: DuckDB lets one in. */
export class StoreInUse extends StoreUnavailable {
  override readonly name = "StoreInUse";
}

export interface Database extends AsyncDisposable {
  /** One transaction: all of it, or nothing. What it reads is one state, whatever others commit meanwhile. */
  transact<T>(work: (connection: DuckDBConnection) => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** DuckDB would take most of the machine; what does not fit goes to a folder beside the file. */
const LIMITS = { memory_limit: "1GB" };

/** `:memory:` is a database of its own each time. */
export async function openDatabase(path: string): Promise<Database> {
  let instance: DuckDBInstance | undefined = await open(path);

  const connect = async (): Promise<DuckDBConnection> => {
    instance ??= await open(path);
    return instance.connect();
  };

  /** DuckDB closes itself to all after an error in the middle of a commit; only a new instance reads the file again. */
  const abandon = (): void => {
    instance?.closeSync();
    instance = undefined;
  };

  return {
    async transact(work, signal) {
      signal?.throwIfAborted();
      const connection = await connect();
      try {
        return await transaction(connection, (mine) => interruptible(mine, work, signal));
      } catch (error) {
        if (signal?.aborted === true && !isFatal(error)) throw signal.reason;
        if (isFatal(error)) abandon();
        throw asUnavailable(error, path);
      } finally {
        connection.closeSync();
      }
    },
    [Symbol.asyncDispose]: async () => {
      if (instance === undefined) return;
      await release(instance, path);
      instance.closeSync();
    },
  };
}

async function transaction<T>(
  connection: DuckDBConnection,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  await connection.run("begin transaction");
  try {
    const result = await work(connection);
    await connection.run("commit");
    return result;
  } catch (error) {
    await connection.run("rollback").catch(() => undefined); // Nothing is left to roll back when the commit itself failed.
    throw error;
  }
}

/**
 * A question is several statements, with steps of ours between them, and to interrupt ends the one that runs: so it is said again
 * until the question has ended. The connection is this question's alone.
 */
async function interruptible<T>(
  connection: DuckDBConnection,
  work: (connection: DuckDBConnection) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return work(connection);
  let again: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    connection.interrupt();
    again ??= setInterval(() => connection.interrupt(), INTERRUPT_EVERY_MS);
  };
  signal.addEventListener("abort", interrupt, { once: true });
  if (signal.aborted) interrupt();
  try {
    const answer = await work(connection);
    signal.throwIfAborted();
    return answer;
  } finally {
    clearInterval(again);
    signal.removeEventListener("abort", interrupt);
  }
}

const INTERRUPT_EVERY_MS = 20;

async function open(path: string): Promise<DuckDBInstance> {
  try {
    const instance = await (path === ":memory:"
      ? DuckDBInstance.create(path, LIMITS)
      : DuckDBInstance.fromCache(path, LIMITS));
    await claim(instance, path);
    const connection = await instance.connect();
    await refuseEarlier(connection, path);
    await connection.run(SCHEMA);
    await renewDays(connection);
    connection.closeSync();
    return instance;
  } catch (error) {
    throw asUnavailable(error, path);
  }
}

/** No version that wrote such a file was ever released; whoever has one must not find half of it unreadable later. */
async function refuseEarlier(connection: DuckDBConnection, path: string): Promise<void> {
  const earlier = await connection.runAndReadAll(
    "select 1 from duckdb_columns() where table_name = 'reading' and column_name = 'message_id'",
  );
  if (earlier.currentRowCount > 0)
    throw new Error(
      `The store file ${path} was written by an earlier development version and cannot be read by this one.`,
    );
}

/**
 * The lock on the file keeps other processes out, but not a second store in this one, whose dictionaries would drift apart
 * from the first's. An attached name that both would need does.
 */
async function claim(instance: DuckDBInstance, path: string): Promise<void> {
  const connection = await instance.connect();
  try {
    await connection.run("attach ':memory:' as in_use");
  } catch {
    throw new StoreInUse(`The store file ${path} is open in this process already; use that store.`);
  } finally {
    connection.closeSync();
  }
}

async function release(instance: DuckDBInstance, path: string): Promise<void> {
  if (path === ":memory:") return;
  const connection = await instance.connect();
  await connection.run("detach in_use");
  connection.closeSync();
}

const isFatal = (error: unknown): boolean =>
  error instanceof Error && /FATAL Error|database has been invalidated/.test(error.message);

/** A full disk, a vanished file, no memory: the world's fault, which may pass. Anything else is ours. */
function asUnavailable(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof StoreUnavailable) return error;
  const holder = /Conflicting lock is held.*?\(PID (\d+)\)/s.exec(error.message)?.[1];
  if (holder !== undefined) {
    const advice = "DuckDB lets in one process: stop that one, or ask it through its API.";
    return new StoreInUse(`The store file ${path} is held by process ${holder}. ${advice}`, { cause: error });
  }
  const worldly =
    isFatal(error) ||
    /^(IO|Out of Memory|Connection) Error|^TransactionContext Error: Failed to commit/.test(error.message);
  return worldly
    ? new StoreUnavailable(`The store ${path} cannot be used now: ${error.message}`, { cause: error })
    : error;
}
