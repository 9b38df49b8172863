/** What a piece of work came to, and how long it took. */
export async function timed<T>(work: () => T | Promise<T>): Promise<{ readonly result: T; readonly seconds: number }> {
  const began = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - began) / 1_000 };
}

export const secondsOf = async (work: () => unknown): Promise<number> => (await timed(work)).seconds;

/** The median of a few: what takes milliseconds takes many more whenever somebody else is at work. */
export async function usualSecondsOf(work: () => unknown): Promise<number> {
  const taken: number[] = [];
  for (let time = 0; time < TIMES; time += 1) taken.push(await secondsOf(work));
  return taken.toSorted((a, b) => a - b)[(TIMES - 1) / 2] ?? 0;
}

const TIMES = 5;
