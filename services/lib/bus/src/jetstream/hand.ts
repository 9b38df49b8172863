import { BusUnavailable, type Delivery, type Fate } from "../bus.ts";
import { restMs } from "../retry.ts";
import { messageOf, sentAtOf } from "./address.ts";
import type { Held } from "./held.ts";

export type Handle = (deliveries: readonly Delivery[]) => Promise<readonly Fate[]>;

/** False where there is no room for it, or no answer. */
export type Reject = (delivery: Delivery, reason: string) => Promise<boolean>;

interface Terms {
  /** The stream's life, as positions tell it. */
  readonly life: string;
  /** No fate may be told once it aborts: the words might reach another stream. */
  readonly lost: AbortSignal;
  readonly handle: Handle;
  readonly reject: Reject;
}

/** All that is in hand, in one batch or several: from when it is handed over until each of it has been told its fate. */
export class Hand {
  readonly #terms: Terms;
  readonly #held = new Set<readonly Held[]>();

  constructor(terms: Terms) {
    this.#terms = terms;
  }

  get held(): readonly Held[] {
    return [...this.#held].flat();
  }

  async over(messages: readonly Held[]): Promise<void> {
    if (messages.length === 0) return;
    this.#held.add(messages);
    const { life, lost, handle } = this.#terms;
    const deliveries = messages.map((held) => deliveryOf(held, life));
    const fates = await handle(deliveries);
    if (lost.aborted) throw new BusUnavailable("the connection was lost before the fates could be told");
    if (fates.length !== messages.length) {
      throw new RangeError(`${messages.length} messages were handed over, ${fates.length} fates came back`);
    }
    for (const [index, held] of messages.entries()) {
      // Waited for only where there is something to wait for: the client sends what was said in one turn with one write.
      const told = this.#settle(held, deliveries[index], fates[index]);
      if (told !== undefined) await told;
    }
    this.#held.delete(messages);
  }

  #settle(held: Held, delivery: Delivery | undefined, fate: Fate | undefined): void | Promise<void> {
    if (delivery === undefined || fate === undefined) return;
    if (fate === "done") return held.done();
    if (fate === "retry") return held.again(restMs(delivery.attempt));
    return this.#reject(held, delivery, fate.reject);
  }

  async #reject(held: Held, delivery: Delivery, reason: string): Promise<void> {
    if (await this.#terms.reject(delivery, reason)) await held.done();
    else held.again(restMs(delivery.attempt));
  }
}

const deliveryOf = ({ sequence, attempt, storedAt, headers, data }: Held, life: string): Delivery => ({
  position: { stream: life, sequence },
  message: messageOf(headers, data),
  attempt,
  storedAt,
  sentAt: sentAtOf(headers) ?? storedAt,
});
