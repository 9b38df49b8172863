import { QueryError } from "@raingauge/promql";

/** How many queries a caller has running, so that one dashboard leaves room for the others. */
export function inFlight(most: number): <T>(caller: string, work: () => Promise<T>) => Promise<T> {
  const running = new Map<string, number>();
  return async (caller, work) => {
    const before = running.get(caller) ?? 0;
    if (before >= most) throw new QueryError("unavailable", `more than ${most} queries of one caller at once`);
    running.set(caller, before + 1);
    try {
      return await work();
    } finally {
      const after = (running.get(caller) ?? 1) - 1;
      if (after === 0) running.delete(caller);
      else running.set(caller, after);
    }
  };
}
