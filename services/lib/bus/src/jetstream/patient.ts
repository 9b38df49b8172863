import { setTimeout as rest } from "node:timers/promises";
import { type Bus, BusUnavailable } from "../bus.ts";

export interface Opened extends Bus {
  /** Resolves when it will not come back by itself. */
  readonly closed: Promise<unknown>;
}

const REST_MS = 1_000;

/**
 * A bus that need not be there yet: it is opened in the background, and opened again should it close. Meanwhile every call
 * throws BusUnavailable with the reason. An agent must be able to start, and to spool, before its bus does.
 */
export async function patient(open: () => Promise<Opened>): Promise<Bus> {
  const stop = new AbortController();
  const { promise: tried, resolve: announce } = Promise.withResolvers<void>();
  let present: Opened | undefined;
  let reason: unknown = new BusUnavailable("the bus has not been reached yet");

  const keep = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        present = await open();
        announce();
        await Promise.race([present.closed, aborted(stop.signal)]);
        reason = new BusUnavailable("the connection was closed");
      } catch (error) {
        reason = error;
        announce();
        if (!(error instanceof BusUnavailable)) return;
      }
      await present?.[Symbol.asyncDispose]();
      present = undefined;
      await rest(REST_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const kept = keep();
  await tried;
  if (present === undefined && !(reason instanceof BusUnavailable)) throw reason;

  const bus = (): Opened => {
    if (present === undefined) throw reason;
    return present;
  };
  return {
    publish: async (message) => bus().publish(message),
    consume: async (handle, options) => bus().consume(handle, options),
    backlog: async () => bus().backlog(),
    async *rejected(after) {
      yield* bus().rejected(after);
    },
    replay: async (sequence) => bus().replay(sequence),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await kept;
    },
  };
}

/** At once where it has aborted already: it may have been closed while it was being opened. */
const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
