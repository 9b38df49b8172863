import { setTimeout as pause } from "node:timers/promises";
import { isPassing } from "./api-error.ts";

export interface Patience {
  /** How often to ask in all. */
  readonly attemptsMax: number;
  readonly pause: (ms: number) => Promise<void>;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** Asks again what may only have gone wrong by chance, each time after a longer pause. */
export async function patiently<T>(ask: () => Promise<T>, { attemptsMax, pause, random }: Patience): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error) || attempt >= attemptsMax) throw error;
      const told = Math.min((error.retryAfterSeconds ?? 0) * 1_000, LONGEST_MS);
      await pause(told + random() * Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS));
    }
  }
}

/** Patience with the machine's own clock and chance, until the signal aborts. */
export const waiting = (signal: AbortSignal): Omit<Patience, "attemptsMax"> => ({
  pause: (ms) => pause(ms, undefined, { signal }),
  random: Math.random,
});
