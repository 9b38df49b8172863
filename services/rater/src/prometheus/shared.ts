import type { Instant } from "@raingauge/domain";
import { once, scopeKey } from "../once.ts";
import type { Lent } from "./lent.ts";

/**
 * Store and ledger for one question after another, among which what one asked of the store is known to the next for as long as
 * nothing was stored meanwhile: the panels of a board ask for the same month again and again, most of them at once. An answer is
 * that of a caller of the same scope, and none is older than what was stored when the question came.
 */
export function shared(lent: Lent): () => Lent {
  const kept = answers();
  return () => {
    const { store } = lent;
    const watermark = once(() => store.watermark());
    const sharing =
      <Q, S extends Parameters<typeof scopeKey>[0], T>(name: string, ask: Asking<Q, S, T>): Asking<Q, S, T> =>
      async (query, scope, signal) => {
        const key = JSON.stringify([name, query, scopeKey(scope)]);
        return kept.answer({ since: await watermark(), key }, (until) => ask(query, scope, until), signal);
      };
    return {
      ...lent,
      store: {
        ...store,
        watermark,
        measure: sharing("measure", store.measure),
        totals: sharing("totals", store.totals),
        projects: sharing("projects", store.projects),
        subjects: sharing("subjects", store.subjects),
      },
    };
  };
}

type Asking<Q, S, T> = (query: Q, scope: S, signal?: AbortSignal) => Promise<readonly T[]>;

/** So many rows are kept, of all answers together. */
const ROWS_MAX = 100_000;

interface Place {
  /** What was stored until then is in the answer. */
  readonly since: Instant;
  readonly key: string;
}

interface Answer {
  readonly rows: Promise<readonly unknown[]>;
  readonly given: AbortController;
  /** How many there are; undefined until they are there. */
  count: number | undefined;
  waiting: number;
}

function answers() {
  const known = new Map<string, Answer>();
  let newest: Instant | undefined;
  const begun = <T>(key: string, work: (until: AbortSignal) => Promise<readonly T[]>): Answer => {
    const given = new AbortController();
    const answer: Answer = { rows: work(given.signal), given, count: undefined, waiting: 0 };
    known.set(key, answer);
    answer.rows.then(
      ({ length }) => {
        answer.count = length;
        forget(known);
      },
      () => drop(key, answer),
    );
    return answer;
  };
  const drop = (key: string, answer: Answer): void => {
    if (known.get(key) === answer) known.delete(key);
  };
  return {
    async answer<T>(
      { since, key }: Place,
      work: (until: AbortSignal) => Promise<readonly T[]>,
      signal: AbortSignal | undefined,
    ): Promise<readonly T[]> {
      if (newest !== undefined && since < newest) return work(signal ?? NEVER);
      if (since !== newest) known.clear();
      newest = since;
      const answer = known.get(key) ?? begun(key, work);
      // What is asked for again is forgotten last.
      known.delete(key);
      known.set(key, answer);
      // The key names what was asked, and so the rows are of its kind.
      return (await waited(answer, signal, () => drop(key, answer))) as readonly T[];
    },
  };
}

const NEVER = new AbortController().signal;

/** Whoever stops waiting hears at once; when nobody waits any more the store is told to stop. */
async function waited(answer: Answer, signal: AbortSignal | undefined, drop: () => void): Promise<readonly unknown[]> {
  signal?.throwIfAborted();
  const gone = Promise.withResolvers<never>();
  const leave = (): void => gone.reject(signal?.reason);
  signal?.addEventListener("abort", leave, { once: true });
  answer.waiting += 1;
  try {
    return await Promise.race([answer.rows, gone.promise]);
  } finally {
    answer.waiting -= 1;
    signal?.removeEventListener("abort", leave);
    if (answer.waiting === 0 && answer.count === undefined) {
      drop();
      answer.given.abort(signal?.reason);
    }
  }
}

/** What was asked for longest ago goes first. */
function forget(known: Map<string, Answer>): void {
  let rows = [...known.values()].reduce((sum, { count = 0 }) => sum + count, 0);
  for (const [key, { count = 0 }] of known) {
    if (rows <= ROWS_MAX) return;
    known.delete(key);
    rows -= count;
  }
}
