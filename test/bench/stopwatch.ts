/** What a piece of work came to, and how long it took. */
export async function timed<T>(work: () => T | Promise<T>): Promise<{ readonly result: T; readonly seconds: number }> {
  const began = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - began) / 1_000 };
}

export const secondsOf = async (work: () => unknown): Promise<number> => (await timed(work)).seconds;
