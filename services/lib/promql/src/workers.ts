import { Worker } from "node:worker_threads";
import type { Query } from "./query.ts";
import { type ErrorType, QueryError } from "./query-error.ts";
import type { SourceSeries } from "./source.ts";

/** What a worker answers with. */
export type Outcome =
  | { readonly data: string }
  | { readonly type: ErrorType; readonly says: string; readonly defect?: string };

export interface Workers extends AsyncDisposable {
  /** The `data` of the answer. A query that takes too long, or that nobody waits for any more, loses its worker. */
  answer(query: Query, samples: ReadonlyMap<number, readonly SourceSeries[]>, signal: AbortSignal): Promise<string>;
}

/** So many threads, each started when it is first needed. Whoever finds none free waits in the order of asking. */
export function workers(count: number): Workers {
  const idle: Worker[] = [];
  const waiting: ((worker: Worker) => void)[] = [];
  let started = 0;

  const start = (): Worker => {
    started += 1;
    const worker = new Worker(new URL("./worker.ts", import.meta.url));
    worker.unref();
    return worker;
  };
  const free = (worker: Worker): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(worker);
    else next(worker);
  };
  const lost = (worker: Worker): void => {
    started -= 1;
    void worker.terminate();
    if (waiting.length > 0) free(start());
  };
  const taken = async (): Promise<Worker> =>
    idle.pop() ?? (started < count ? start() : new Promise((resolve) => waiting.push(resolve)));

  return {
    async answer(query, samples, signal) {
      const worker = await taken();
      try {
        const outcome = await asked(worker, { query, samples }, signal);
        free(worker);
        return dataOf(outcome);
      } catch (error) {
        if (!(error instanceof QueryError) || signal.aborted) lost(worker);
        throw error;
      }
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(idle.splice(0).map((worker) => worker.terminate()));
    },
  };
}

interface Asked {
  readonly query: Query;
  readonly samples: ReadonlyMap<number, readonly SourceSeries[]>;
}

async function asked(worker: Worker, question: Asked, signal: AbortSignal): Promise<Outcome> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const aborted = (): void => reject(signal.reason);
  const died = (error: Error): void => reject(error);
  worker.once("message", resolve).once("error", died);
  signal.addEventListener("abort", aborted, { once: true });
  try {
    signal.throwIfAborted();
    worker.postMessage(question, buffersOf(question.samples));
    return await promise;
  } finally {
    worker.off("message", resolve).off("error", died);
    signal.removeEventListener("abort", aborted);
  }
}

/** Columns are handed over, not copied, but for those that two selectors share. */
function buffersOf(samples: Asked["samples"]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const series of samples.values())
    for (const { at, values, ends } of series)
      for (const column of [at, values, ends]) if (column?.buffer instanceof ArrayBuffer) buffers.add(column.buffer);
  return [...buffers];
}

function dataOf(outcome: Outcome): string {
  if ("data" in outcome) return outcome.data;
  if (outcome.defect !== undefined) throw new Error(outcome.defect);
  throw new QueryError(outcome.type, outcome.says);
}
