import { setTimeout as pause } from "node:timers/promises";
import { type Bus, BusFull, BusUnavailable, type Message } from "@raingauge/bus";
import type { Log } from "@raingauge/runtime";
import { SetAsideFull } from "./set-aside.ts";

/** Resolves once the bus or its spool has all of it, however long that takes; rejects when told to stop before. */
export type Post = (packets: readonly Message[]) => Promise<void>;

export const poster =
  (bus: Bus, log: Log, signal: AbortSignal): Post =>
  async (packets) => {
    await Promise.all(packets.map((packet) => untilTaken(() => bus.publish(packet), log, signal)));
  };

const RETRY_MS = 1_000;

/**
 * Asks again for as long as there is no room. Meanwhile RabbitMQ keeps what has not been acknowledged, and sends no more:
 * that is how a full disk of ours reaches the one place that can wait.
 */
export async function untilTaken<Result>(act: () => Promise<Result>, log: Log, signal: AbortSignal): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (attempt === 1) log.warn("messages held back", { reason: error.message });
      signal.throwIfAborted();
      await pause(RETRY_MS, undefined, { signal });
    }
  }
}

const isRefusal = (error: unknown): error is Error =>
  error instanceof BusFull || error instanceof BusUnavailable || error instanceof SetAsideFull;
