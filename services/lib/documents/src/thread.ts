import { Worker } from "node:worker_threads";

/** What a thread is asked, and what it answers: both by the number of the question. */
interface Numbered {
  readonly id: number;
}

interface Waiting {
  readonly resolve: (bytes: Buffer) => void;
  readonly reject: (error: unknown) => void;
}

export interface Thread extends AsyncDisposable {
  /** The thread, which the first question starts, and the first one after it died starts again. */
  readonly started: () => Worker;
  readonly ask: <Q extends Numbered>(thread: Worker, question: Q) => Promise<Buffer>;
}

/** A thread for work that would hold up whoever asks; it keeps no process alive. `read` throws what an answer says went wrong. */
export function thread<Answer extends Numbered>(script: URL, read: (answer: Answer) => Uint8Array): Thread {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;

  const settle = (answer: Answer): void => {
    const asker = waiting.get(answer.id);
    waiting.delete(answer.id);
    try {
      const { buffer, byteOffset, byteLength } = read(answer);
      asker?.resolve(Buffer.from(buffer, byteOffset, byteLength));
    } catch (error) {
      asker?.reject(error);
    }
    if (waiting.size === 0) worker?.unref();
  };
  const fail = (error: Error): void => {
    worker = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };

  return {
    started() {
      if (worker !== undefined) return worker;
      worker = new Worker(script);
      worker.on("message", settle);
      worker.on("error", fail);
      return worker;
    },
    ask(mine, question) {
      // A thread that died took with it what was begun on it: another one knows nothing of that.
      if (mine !== worker) return Promise.reject(new Error("the thread that worked on this is gone"));
      mine.ref();
      return new Promise((resolve, reject) => {
        waiting.set(question.id, { resolve, reject });
        mine.postMessage(question);
      });
    },
    async [Symbol.asyncDispose]() {
      await worker?.terminate();
      fail(new Error("the thread was ended"));
    },
  };
}
