/** Numbers from 0 to a bound, the same ones for the same seed. */
export interface Chance {
  (below: number): number;
  shuffled<T>(items: readonly T[]): T[];
}

export function chance(seed: number): Chance {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const shuffled = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, rank: next(2 ** 31) }))
      .toSorted((a, b) => a.rank - b.rank)
      .map(({ item }) => item);
  return Object.assign(next, { shuffled });
}
