import { Worker } from "node:worker_threads";
import type { IssuedInvoice } from "@raingauge/domain";
import type { Wanted } from "../formats.ts";
import type { Chart } from "../journal/chart.ts";
import { ExportRefused } from "../writer.ts";

/** Writes files of many documents without holding up whoever asks: the books of a year take minutes. */
export interface Clerk extends AsyncDisposable {
  /**
   * The file in pieces, as they can be told; no piece is asked for before the last one was taken, and whoever stops taking stops
   * the writing too.
   */
  write(wanted: Wanted, documents: AsyncIterable<readonly IssuedInvoice[]>): AsyncIterable<Buffer>;
}

/** What the thread is told. */
export type Told =
  | { readonly id: number; readonly begin: Wanted; readonly chart: Chart }
  | { readonly id: number; readonly add: readonly IssuedInvoice[] }
  | { readonly id: number; readonly end: true }
  | { readonly id: number; readonly drop: true };

/** What it answers to `add` and `end`. */
export type Said =
  | { readonly id: number; readonly piece: Uint8Array }
  | { readonly id: number; readonly wrong: string; readonly isRefused: boolean };

interface Waiting {
  readonly resolve: (piece: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/** A clerk with one thread, which is started by the first file, works at several in turn, and keeps no process alive. */
export function clerk(chart: Chart): Clerk {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let begun = 0;

  const settle = (said: Said): void => {
    const asker = waiting.get(said.id);
    waiting.delete(said.id);
    if ("piece" in said) {
      const { buffer, byteOffset, byteLength } = said.piece;
      asker?.resolve(Buffer.from(buffer, byteOffset, byteLength));
    } else asker?.reject(said.isRefused ? new ExportRefused(said.wrong) : new Error(said.wrong));
    if (waiting.size === 0) worker?.unref();
  };
  const fail = (error: Error): void => {
    worker = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const started = (): Worker => {
    if (worker !== undefined) return worker;
    const mine = new Worker(new URL("./worker.ts", import.meta.url));
    mine.on("message", settle);
    mine.on("error", fail);
    worker = mine;
    return mine;
  };
  const asked = (thread: Worker, told: Told): Promise<Buffer> => {
    // A thread that died took with it what was begun on it: another one knows nothing of that.
    if (thread !== worker) return Promise.reject(new Error("the thread that wrote this file is gone"));
    thread.ref();
    return new Promise((resolve, reject) => {
      waiting.set(told.id, { resolve, reject });
      thread.postMessage(told);
    });
  };

  return {
    async *write(wanted, documents) {
      begun += 1;
      const id = begun;
      const thread = started();
      thread.postMessage({ id, begin: wanted, chart } satisfies Told);
      try {
        for await (const some of documents) {
          const piece = await asked(thread, { id, add: some });
          if (piece.length > 0) yield piece;
        }
        yield await asked(thread, { id, end: true });
      } finally {
        thread.postMessage({ id, drop: true } satisfies Told);
      }
    },
    async [Symbol.asyncDispose]() {
      await worker?.terminate();
      fail(new Error("the clerk went home"));
    },
  };
}
