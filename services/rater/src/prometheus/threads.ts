import { Worker } from "node:worker_threads";
import { QueryError } from "@raingauge/promql";
import { type Lent, type LentCall, serveLent } from "./lent.ts";
import type { Answered, Outcome, Question } from "./question.ts";
import { shared } from "./shared.ts";
import type { Told } from "./thread.ts";

export interface Threads extends AsyncDisposable {
  /** Ends with the signal's reason when it aborts: a thread that does not stop by itself is ended. */
  ask(question: Question, signal: AbortSignal): Promise<Answered>;
}

/** So many threads, each started when it is first needed. Whoever finds none free waits in the order of asking. */
export function threads(count: number, lent: Lent): Threads {
  const idle: Worker[] = [];
  const waiting: ((worker: Worker) => void)[] = [];
  const all = new Set<Worker>();
  /** What the question that a thread is at may ask; of no use any more when its signal aborts. */
  const asking = new Map<Worker, { readonly lent: Lent; readonly signal: AbortSignal }>();
  const lend = shared(lent);

  const start = (): Worker => {
    const worker = new Worker(new URL("./thread.ts", import.meta.url));
    worker.on("message", (told: LentCall | Finished) => {
      const mine = asking.get(worker);
      if (told.kind === "call" && mine !== undefined) void serveLent(mine.lent, told, worker, mine.signal);
    });
    // One that dies while nobody waits for it is missed by nobody.
    worker.on("error", () => undefined);
    worker.on("exit", () => {
      all.delete(worker);
      asking.delete(worker);
      if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
    });
    worker.unref();
    all.add(worker);
    return worker;
  };
  const free = (worker: Worker): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(worker);
    else next(worker);
  };
  const lost = (worker: Worker): void => {
    all.delete(worker);
    void worker.terminate();
    if (waiting.length > 0) free(start());
  };
  const taken = async (signal: AbortSignal): Promise<Worker> => {
    signal.throwIfAborted();
    const worker = idle.pop() ?? (all.size < count ? start() : undefined);
    return worker ?? turnComes(waiting, signal);
  };

  return {
    async ask(question, signal) {
      const worker = await taken(signal);
      asking.set(worker, { lent: lend(), signal });
      const { outcome, isOver } = asked(worker, question, signal);
      // Whoever asked hears at once; the thread is free again when it has stopped, or is given up.
      isOver.then(
        () => free(worker),
        () => lost(worker),
      );
      return answerOf(await outcome);
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
  };
}

interface Finished {
  readonly kind: "outcome";
  readonly outcome: Outcome;
}

function turnComes(waiting: ((worker: Worker) => void)[], signal: AbortSignal): Promise<Worker> {
  const { promise, resolve, reject } = Promise.withResolvers<Worker>();
  const gone = (): void => {
    waiting.splice(waiting.indexOf(mine), 1);
    reject(signal.reason);
  };
  const mine = (worker: Worker): void => {
    signal.removeEventListener("abort", gone);
    resolve(worker);
  };
  waiting.push(mine);
  signal.addEventListener("abort", gone, { once: true });
  return promise;
}

/** How long a thread may take to notice that nobody waits any more: one that waits for the store notices at once, one that computes does not. */
const STOPS_WITHIN_MS = 200;

interface Asked {
  readonly outcome: Promise<Outcome>;
  /** Resolves when the thread is done with the question, rejects when it is of no more use. */
  readonly isOver: Promise<void>;
}

function asked(worker: Worker, question: Question, signal: AbortSignal): Asked {
  const outcome = Promise.withResolvers<Outcome>();
  const over = Promise.withResolvers<void>();
  let patience: NodeJS.Timeout | undefined;
  const heard = (told: LentCall | Finished): void => {
    if (told.kind !== "outcome") return;
    outcome.resolve(told.outcome);
    over.resolve();
  };
  const died = (error: Error): void => {
    outcome.reject(error);
    over.reject(error);
  };
  const stop = (): void => {
    outcome.reject(signal.reason);
    worker.postMessage({ kind: "stop" } satisfies Told);
    patience = setTimeout(() => over.reject(signal.reason), STOPS_WITHIN_MS);
  };
  const done = (): void => {
    clearTimeout(patience);
    worker.off("message", heard).off("error", died);
    signal.removeEventListener("abort", stop);
  };
  worker.on("message", heard).once("error", died);
  signal.addEventListener("abort", stop, { once: true });
  worker.postMessage({ kind: "ask", question } satisfies Told);
  return { outcome: outcome.promise, isOver: over.promise.finally(done) };
}

function answerOf(outcome: Outcome): Answered {
  if ("data" in outcome) return outcome;
  if (outcome.defect !== undefined) throw new Error(outcome.defect);
  throw new QueryError(outcome.type, outcome.says);
}
