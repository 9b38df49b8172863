import { askedOnce } from "../asked-once.ts";
import { type Growing, type Growth, growing } from "../growing.ts";
import { byKey, once, scopeKey } from "../once.ts";
import type { Lent } from "./lent.ts";

export interface Looking {
  /** The store for a month that will be asked about up to one end after another. */
  upTo(growth: Growth): Lent["store"] & Growing;
}

/**
 * The same store and ledger for the time of one question, asked for nothing twice: a query names a month in several selectors, and
 * a month is looked at up to hundreds of ends.
 */
export function remembering<P extends Pick<Lent, "store" | "ledger">>(parts: P): P & Looking {
  const store = { ...parts.store, watermark: once(() => parts.store.watermark()) };
  return {
    ...parts,
    store,
    upTo: byKey(
      (growth: Growth) => growing(store, growth),
      ({ month, byResource, ...growth }) => JSON.stringify([month.start, [...byResource].toSorted(), growth]),
    ),
    ledger: {
      ...askedOnce(parts.ledger),
      books: once(() => parts.ledger.books()),
      credits: byKey(
        (query, scope) => parts.ledger.credits(query, scope),
        ({ account }, scope) => JSON.stringify([account, scopeKey(scope)]),
      ),
    },
  };
}
