import type { AsyncMessage, Channel, Connection } from "rabbitmq-client";
import type { Hearer, Incoming } from "./hear.ts";
import { sentence } from "./trouble.ts";

/** One stretch of listening, from when messages can come in to when the channel is lost. */
export interface Session {
  /** Nothing that was said since the session before can have been missed: the queue has kept it. */
  readonly unbroken: boolean;
  /** Resolves once everything that the queue held when asked has been handled; false if the session ends before. */
  caughtUp(): Promise<boolean>;
}

interface Listening {
  readonly connection: Connection;
  readonly queue: string;
  readonly prefetch: number;
  readonly unbroken: boolean;
  readonly hearer: Hearer;
  readonly signal: AbortSignal;
}

/** One session, from the first message to the loss of the channel or the signal. */
export async function listen({ connection, queue, prefetch, unbroken, hearer, signal }: Listening): Promise<void> {
  const channel = await connection.acquire({ emitErrorsFromChannel: true }).catch((error: unknown) => {
    hearer.trouble(sentence(error, "opening a channel"));
  });
  if (channel === undefined) return;
  const inbox = new Inbox(channel, signal);
  channel.on("error", (error: unknown) => hearer.trouble(sentence(error, "listening")));
  channel.on("basic.cancel", (_, error: unknown) => {
    hearer.trouble(sentence(error, `listening to ${queue} (was it deleted?)`));
    inbox.close();
  });
  try {
    await channel.basicQos({ prefetchCount: prefetch });
    await channel.basicConsume({ queue }, (message) => inbox.put(message));
    hearer.connected({ unbroken, caughtUp: () => inbox.caughtUp(channel, queue) });
    await inbox.empty(hearer);
  } catch (error) {
    if (channel.active) throw error;
    hearer.trouble(sentence(error, "listening"));
  } finally {
    inbox.close();
    hearer.disconnected();
    await channel.close();
  }
}

/** What has come in and is not handled yet. While one lot is handled the next gathers, so that many cost as one. */
class Inbox {
  readonly #channel: Channel;
  readonly #over: AbortController = new AbortController();
  #waiting: AsyncMessage[] = [];
  #received = 0;
  #settled = 0;
  #changed = Promise.withResolvers<void>();

  constructor(channel: Channel, signal: AbortSignal) {
    this.#channel = channel;
    channel.once("close", () => this.close());
    signal.addEventListener("abort", () => this.close(), { signal: this.#over.signal });
    if (signal.aborted) this.close();
  }

  put(message: AsyncMessage): void {
    this.#waiting.push(message);
    this.#received += 1;
    this.#change();
  }

  close(): void {
    this.#over.abort();
    this.#change();
  }

  async empty({ handle }: Hearer): Promise<void> {
    while (!this.#over.signal.aborted) {
      const lot = this.#waiting;
      this.#waiting = [];
      const last = lot.at(-1);
      if (last === undefined) await this.#changed.promise;
      else await this.#settle(lot, last, handle);
    }
  }

  async #settle(lot: readonly AsyncMessage[], last: AsyncMessage, handle: Hearer["handle"]): Promise<void> {
    await handle(lot.map(incoming));
    if (!this.#channel.active) return;
    this.#channel.basicAck({ deliveryTag: last.deliveryTag, multiple: true });
    this.#settled += lot.length;
    this.#change();
  }

  /**
   * The broker's count leaves out what the queue has handed to our channel and the channel has not sent yet: it may overtake
   * that. A second answer comes after it, so what is due is never too little; it may be too much by what came in between, and
   * then an empty queue ends the waiting.
   */
  async caughtUp(channel: Channel, queue: string): Promise<boolean> {
    const waiting = async (): Promise<number> => (await channel.queueDeclare({ queue, passive: true })).messageCount;
    try {
      const held = await waiting();
      await waiting();
      const due = this.#received + held;
      while (this.#settled < due) {
        const changed = this.#changed.promise;
        if (this.#over.signal.aborted) return false;
        if (this.#settled === this.#received && (await waiting()) === 0) {
          await waiting();
          if (this.#settled === this.#received) return true;
        }
        await changed;
      }
      return true;
    } catch (error) {
      if (channel.active) throw error;
      return false;
    }
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}

const incoming = ({ body, exchange, routingKey }: AsyncMessage): Incoming => ({ body, exchange, routingKey });
