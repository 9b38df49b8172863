import { Worker } from "node:worker_threads";
import type { IssuedInvoice } from "@raingauge/domain";
import type { DraftInvoice } from "../sheet.ts";

/** Prints documents without holding up whoever asks: a large one takes a good part of a second. */
export interface Press extends AsyncDisposable {
  print(document: IssuedInvoice | DraftInvoice): Promise<Buffer>;
}

interface Waiting {
  readonly resolve: (pdf: Buffer) => void;
  readonly reject: (error: Error) => void;
}

interface Printed {
  readonly id: number;
  readonly pdf?: Uint8Array;
  readonly wrong?: string;
}

/** A press with one thread, which is started by the first document and keeps no process alive. */
export function press(): Press {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let asked = 0;

  const settle = ({ id, pdf, wrong }: Printed): void => {
    const asker = waiting.get(id);
    waiting.delete(id);
    if (pdf === undefined) asker?.reject(new Error(`a document could not be printed: ${wrong}`));
    else asker?.resolve(Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength));
    if (waiting.size === 0) worker?.unref();
  };
  const fail = (error: Error): void => {
    worker = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const started = (): Worker => {
    if (worker !== undefined) return worker;
    worker = new Worker(new URL("./worker.ts", import.meta.url));
    worker.on("message", settle);
    worker.on("error", fail);
    return worker;
  };

  return {
    print(document) {
      const thread = started();
      thread.ref();
      return new Promise((resolve, reject) => {
        asked += 1;
        waiting.set(asked, { resolve, reject });
        thread.postMessage({ id: asked, document });
      });
    },
    async [Symbol.asyncDispose]() {
      await worker?.terminate();
      fail(new Error("the press was closed"));
    },
  };
}
