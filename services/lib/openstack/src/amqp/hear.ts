import { setTimeout as pause } from "node:timers/promises";
import type { Connection } from "rabbitmq-client";
import type { Broker } from "./broker.ts";
import { connectionTo } from "./connection.ts";
import { listen, type Session } from "./session.ts";
import { BrokerRefused, type Pool, prepare } from "./topology.ts";
import { sentence } from "./trouble.ts";

/** A message as it came: its bytes, or what the driver has already read out of them. */
export interface Incoming {
  readonly body: unknown;
  readonly exchange: string;
  readonly routingKey: string;
}

export interface Hearing {
  readonly broker: Broker;
  readonly pool: Pool;
  /** The most messages in hand at once; the rest wait at the broker, not in our memory. */
  readonly prefetch: number;
}

export interface Hearer {
  /** What came in together, oldest first. Resolves when none of it can be lost any more. */
  readonly handle: (messages: readonly Incoming[]) => Promise<void>;
  readonly connected: (session: Session) => void;
  readonly disconnected: () => void;
  /** Something is in the way; the sentence says what. It is tried again, for ever. */
  readonly trouble: (sentence: string) => void;
}

/**
 * Hears what services say, until `signal` aborts. Promises:
 * 1. A message is acknowledged only after `handle` has resolved; if anything ends before, it comes again.
 * 2. Never more than `prefetch` messages are in hand, and they are handed over in the order of the queue.
 * 3. A lost broker is come back to, for ever, and every loss is told.
 * 4. It resolves after what is in hand is settled; it rejects only with what `handle` rejects with.
 */
export async function hear({ broker, pool, prefetch }: Hearing, hearer: Hearer, signal: AbortSignal): Promise<void> {
  const connection = connect(broker, pool.queue, hearer, signal);
  const stopped = aborted(signal);
  try {
    while (!signal.aborted) {
      const unbroken = await Promise.race([attempt(prepare(connection, pool), hearer, signal), stopped]);
      if (unbroken !== undefined && !signal.aborted) {
        await listen({ connection, queue: pool.queue, prefetch, unbroken, hearer, signal });
      }
      await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    connection.unsafeDestroy();
  }
}

const RETRY_MS = 1_000;

function connect(broker: Broker, queue: string, { trouble }: Hearer, signal: AbortSignal): Connection {
  const connection = connectionTo(broker, `raingauge listener ${queue}`);
  connection.on("error", (error: unknown) => {
    if (!signal.aborted) trouble(sentence(error, "talking to RabbitMQ"));
  });
  return connection;
}

async function attempt(act: Promise<boolean>, { trouble }: Hearer, signal: AbortSignal): Promise<boolean | undefined> {
  try {
    return await act;
  } catch (error) {
    if (!signal.aborted)
      trouble(error instanceof BrokerRefused ? error.message : sentence(error, "preparing the queue"));
    return undefined;
  }
}

/** Whoever asks us to stop does not wait until a broker that is away has answered. */
const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
