import type { Leases } from "../leases.ts";

/** Leases of one process, by a clock of its own. */
export function memoryLeases({ termMs, now }: { readonly termMs: number; readonly now: () => number }): Leases {
  const taken = new Map<string, { readonly holder: string; readonly until: number }>();
  const holderOf = (name: string): string | undefined => {
    const lease = taken.get(name);
    return lease !== undefined && now() < lease.until ? lease.holder : undefined;
  };
  return {
    termMs,
    async take(name, holder) {
      if ((holderOf(name) ?? holder) !== holder) return false;
      taken.set(name, { holder, until: now() + termMs });
      return true;
    },
    async release(name, holder) {
      if (holderOf(name) === holder) taken.delete(name);
    },
    held: async () =>
      new Map(
        [...taken.keys()].flatMap((name) => {
          const holder = holderOf(name);
          return holder === undefined ? [] : [[name, holder] as const];
        }),
      ),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
