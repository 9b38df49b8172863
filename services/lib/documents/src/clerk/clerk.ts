import type { IssuedInvoice } from "@raingauge/domain";
import type { Wanted } from "../formats.ts";
import type { Chart } from "../journal/chart.ts";
import { thread } from "../thread.ts";
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

/** A clerk with one thread, which is started by the first file and works at several in turn. */
export function clerk(chart: Chart): Clerk {
  const writing = thread<Said>(new URL("./worker.ts", import.meta.url), pieceOf);
  let begun = 0;
  return {
    async *write(wanted, documents) {
      begun += 1;
      const id = begun;
      const mine = writing.started();
      mine.postMessage({ id, begin: wanted, chart } satisfies Told);
      try {
        for await (const some of documents) {
          const piece = await writing.ask(mine, { id, add: some } satisfies Told);
          if (piece.length > 0) yield piece;
        }
        yield await writing.ask(mine, { id, end: true } satisfies Told);
      } finally {
        mine.postMessage({ id, drop: true } satisfies Told);
      }
    },
    [Symbol.asyncDispose]: () => writing[Symbol.asyncDispose](),
  };
}

function pieceOf(said: Said): Uint8Array {
  if ("piece" in said) return said.piece;
  throw said.isRefused ? new ExportRefused(said.wrong) : new Error(said.wrong);
}
