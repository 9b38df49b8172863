const FIRST_MS = 100;
const LONGEST_MS = 30_000;

/** How long a message that was retried rests before it is handed over again: a store that is down is not hammered. */
export const restMs = (attempt: number): number => Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 16));
