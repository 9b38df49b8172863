import { HttpError, InfluxDB, type WriteApi } from "@influxdata/influxdb-client";
import { StoreUnavailable } from "../store.ts";
import { asRow, type Reader, Refused, type Row, reading } from "./csv.ts";

export interface InfluxdbAddress {
  readonly url: string;
  /** The bucket; to InfluxQL it is a database (of InfluxDB 2 by its DBRP mapping). */
  readonly bucket: string;
  /** What InfluxDB 2 asks for when it is written to; 1.x and 3.x do not look. */
  readonly organization?: string;
  /** Of InfluxDB 1.x: `user:password`. */
  readonly token?: string;
}

/** The two things that we ask of an InfluxDB: version 2's door for writing, version 1's for reading. All versions have both, but for 1.6. */
export interface InfluxdbServer {
  /** Resolves when the server has it all. What it had of it before a failure it keeps. */
  write(lines: readonly string[]): Promise<void>;
  ask(influxql: string): Promise<readonly Row[]>;
  /** The same, of which each row is made into something as it comes in: no answer lies in memory as a text. */
  read<T>(influxql: string, reader: Reader<T>): Promise<T[]>;
  /** Deletes what counts no more. A server that knows no deleting keeps it, and nobody sees it there either. */
  tidy(influxql: string): Promise<void>;
  /** The same server, whose answers nobody waits for any more once the signal aborts: then it stops working on them. */
  until(signal: AbortSignal | undefined): InfluxdbServer;
  close(): Promise<void>;
}

export function influxdbServer(address: InfluxdbAddress): InfluxdbServer {
  const { url, bucket, organization = "raingauge", token } = address;
  const influx = new InfluxDB({ url, timeout: PATIENCE_MS, ...(token === undefined ? {} : { token }) });
  const writer = influx.getWriteApi(organization, bucket, "ns", {
    batchSize: PART_LINES + 1,
    maxBatchBytes: Number.MAX_SAFE_INTEGER,
    flushInterval: 0,
    gzipThreshold: 1_000,
    maxRetries: 0,
    // Its own answer to a failure is a line on the console; ours is the caller's.
    writeFailed: (error) => Promise.reject(error),
  });
  const until = (signal: AbortSignal | undefined): InfluxdbServer => ({
    ...server,
    ...asking(address, signal),
  });
  const server: InfluxdbServer = {
    write: (lines) => writeParts(writer, lines),
    ...asking(address, undefined),
    tidy: (influxql) => tidy(address, influxql),
    until,
    close: () => writer.close(),
  };
  return server;
}

/**
 * The client sends a batch by itself as soon as it is full, and nobody hears whether that failed. A part is always smaller
 * than a batch, so that nothing is sent but by the flush that we wait for.
 */
const PART_LINES = 10_000;

/** Past it we take the server for gone; the bus brings everything again. */
const PATIENCE_MS = 60_000;

async function writeParts(writer: WriteApi, lines: readonly string[]): Promise<void> {
  for (let start = 0; start < lines.length; start += PART_LINES) {
    writer.writeRecords(lines.slice(start, start + PART_LINES));
    await writer.flush().catch(refuse);
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof HttpError)) throw unreachable(error);
  throw fault(error.statusCode, error.body ?? error.message);
}

const tidy = (address: InfluxdbAddress, influxql: string): Promise<void> =>
  read(address, influxql, asRow, undefined).then(
    () => undefined,
    (error: unknown) => (error instanceof Refused ? undefined : Promise.reject(error)),
  );

const asking = (address: InfluxdbAddress, signal: AbortSignal | undefined): Pick<InfluxdbServer, "ask" | "read"> => ({
  ask: (influxql) => read(address, influxql, asRow, signal),
  read: (influxql, reader) => read(address, influxql, reader, signal),
});

async function read<T>(
  address: InfluxdbAddress,
  influxql: string,
  reader: Reader<T>,
  given: AbortSignal | undefined,
): Promise<T[]> {
  given?.throwIfAborted();
  try {
    const post = (): Promise<T[]> => answered(address, influxql, reader, given);
    return await post().catch((error: unknown) => (isHungUp(error) ? post() : Promise.reject(error)));
  } catch (error) {
    if (given?.aborted === true) throw given.reason;
    throw error instanceof TypeError || error instanceof DOMException ? unreachable(error) : error;
  }
}

async function answered<T>(
  { url, bucket, token }: InfluxdbAddress,
  influxql: string,
  reader: Reader<T>,
  given: AbortSignal | undefined,
): Promise<T[]> {
  const headers: Record<string, string> = { accept: "application/csv" };
  if (token !== undefined) headers["authorization"] = `Token ${token}`;
  const body = new URLSearchParams({ db: bucket, epoch: "ns", chunked: "true", q: influxql });
  using silence = silenceOf(PATIENCE_MS);
  const signal = AbortSignal.any([silence.signal, ...(given === undefined ? [] : [given])]);
  const response = await fetch(new URL("query", slashed(url)), { method: "POST", headers, body, signal });
  if (!response.ok) throw fault(response.status, await response.text());
  const answer = reading(reader);
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    silence.broken();
    answer.take(decoder.decode(bytes, { stream: true }));
  }
  return answer.end();
}

/** An answer may take as long as it likes, while anything of it comes. */
function silenceOf(ms: number): Disposable & { readonly signal: AbortSignal; broken(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException("nothing came any more", "TimeoutError")), ms);
  return {
    signal: controller.signal,
    broken: () => timer.refresh(),
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}

/**
 * A connection that was kept open for the next question may be closed by the other end just as that is sent. Asking changes
 * nothing, so it is asked once more.
 */
const isHungUp = (error: unknown): boolean =>
  error instanceof TypeError &&
  error.cause instanceof Error &&
  ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"].includes(String((error.cause as NodeJS.ErrnoException).code));

const slashed = (url: string): string => (url.endsWith("/") ? url : `${url}/`);

const unreachable = (error: unknown): StoreUnavailable =>
  new StoreUnavailable("InfluxDB cannot be reached now", { cause: error });

/** A server that is busy, starting or falling over may answer the next time; one that understood us and refuses will not. */
const fault = (status: number, said: string): Error =>
  status >= 500 || status === 429 || status === 408
    ? new StoreUnavailable(`InfluxDB cannot answer now (${status}): ${said}`)
    : new Refused(`InfluxDB refuses (${status}): ${said}`);
