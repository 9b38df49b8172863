import { combine, type Instant, type Scope, type Usage } from "@raingauge/domain";
import type { DraftSources } from "../draft.ts";
import type { Lent } from "./lent.ts";

/**
 * The same store and ledger for the time of one question, asked for nothing twice: usage from one start to a later and later
 * end is measured piece by piece and put together, which is exact because usage of adjoining periods adds up.
 */
export function remembering<P extends Pick<Lent, "store" | "ledger">>(parts: P): P {
  const { store, ledger } = parts;
  const known = new Map<string, { readonly end: Instant; readonly usages: readonly Usage[] }>();
  const measure: DraftSources["store"]["measure"] = async (query, scope) => {
    const { period, ...narrower } = query;
    if (Object.keys(narrower).length > 0) return store.measure(query, scope);
    const key = `${period.start} ${keyOf(scope)}`;
    const before = known.get(key);
    if (before !== undefined && before.end > period.end) return store.measure(query, scope);
    const added =
      before?.end === period.end
        ? []
        : await store.measure({ period: { start: before?.end ?? period.start, end: period.end } }, scope);
    const usages = before === undefined ? added : combine([...before.usages, ...added], period);
    known.set(key, { end: period.end, usages });
    return usages;
  };
  return {
    ...parts,
    store: { ...store, measure, watermark: once(() => store.watermark()) },
    ledger: {
      ...ledger,
      accounts: byArguments((scope: Scope) => ledger.accounts(scope), keyOf),
      placements: once(() => ledger.placements()),
      bookAt: byArguments(
        (name: string, moment: Instant) => ledger.bookAt(name, moment),
        (name, moment) => `${moment} ${name}`,
      ),
    },
  };
}

const keyOf = (scope: Scope): string => (scope.kind === "all" ? "all" : JSON.stringify([...scope.projects].toSorted()));

function byArguments<A extends readonly unknown[], T>(work: (...args: A) => T, key: (...args: A) => string) {
  const known = new Map<string, T>();
  return (...args: A): T => {
    const name = key(...args);
    const value = known.get(name) ?? work(...args);
    known.set(name, value);
    return value;
  };
}

const once = <T>(work: () => T): (() => T) => byArguments(work, () => "");
