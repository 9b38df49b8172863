import type { Bus } from "./bus.ts";

/**
 * A bus that is opened when it is first needed, and again until that succeeds: an agent must be able to start, and to
 * spool, while the bus is away. Until then every call throws what `open` throws, which is BusUnavailable.
 */
export function late(open: () => Promise<Bus>): Bus {
  let opening: Promise<Bus> | undefined;
  const bus = (): Promise<Bus> => {
    opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  return {
    publish: async (message) => (await bus()).publish(message),
    consume: async (handle, options) => (await bus()).consume(handle, options),
    async *rejected() {
      yield* (await bus()).rejected();
    },
    replay: async (sequence) => (await bus()).replay(sequence),
    async [Symbol.asyncDispose]() {
      const opened = await opening?.catch(() => undefined);
      await opened?.[Symbol.asyncDispose]();
    },
  };
}
