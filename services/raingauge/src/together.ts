/**
 * Runs parts side by side until `signal` aborts. If one fails, the others are asked to stop, and its error is thrown once
 * they have: a service that lost a part must not look alive.
 */
export async function together(
  signal: AbortSignal,
  parts: readonly ((signal: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const stop = new AbortController();
  const all = AbortSignal.any([signal, stop.signal]);
  const ended = parts.map(async (part) => {
    try {
      await part(all);
    } catch (error) {
      stop.abort();
      throw error;
    }
  });
  const failed = (await Promise.allSettled(ended)).find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
