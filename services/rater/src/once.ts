import type { Scope } from "@raingauge/domain";

/** Work that is done once for each key: whoever asks again is given the same. */
export function byKey<A extends readonly unknown[], T>(work: (...args: A) => T, key: (...args: A) => string) {
  const known = new Map<string, T>();
  return (...args: A): T => {
    const name = key(...args);
    const value = known.get(name) ?? work(...args);
    known.set(name, value);
    return value;
  };
}

export const once = <T>(work: () => T): (() => T) => byKey(work, () => "");

/** Equal for callers who may see the same. */
export const scopeKey = (scope: Scope): string =>
  scope.kind === "all" ? "all" : JSON.stringify([...scope.projects].toSorted());
