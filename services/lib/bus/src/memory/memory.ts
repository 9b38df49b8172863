import { randomUUID } from "node:crypto";
import { AtOnce } from "../at-once.ts";
import { type Bus, BusFull, type Consuming, type Delivery, type Fate, type Message, type Rejected } from "../bus.ts";
import { redacted } from "../redact.ts";
import { replayId } from "../replay.ts";
import { restMs } from "../retry.ts";

export interface MemoryBusOptions {
  readonly limitBytes?: number;
  readonly rejectedLimitBytes?: number;
  readonly now?: () => number;
}

/** The plainest bus that keeps the promises, for one process: the specification of all others. */
export function memoryBus(options: MemoryBusOptions = {}): Bus {
  const bus = new MemoryBus(options);
  return {
    publish: (message) => bus.publish(message),
    consume: (handle, consuming) => bus.consume(handle, consuming),
    backlog: async () => bus.backlog,
    rejected: (after) => bus.rejected(after),
    replay: (sequence) => bus.replay(sequence),
    [Symbol.asyncDispose]: async () => bus.close(),
  };
}

interface Held {
  readonly sequence: bigint;
  readonly message: Message;
  readonly storedAt: number;
  attempt: number;
  state: "waiting" | "resting" | "in hand";
}

class MemoryBus {
  readonly #stream = randomUUID();
  readonly #options: Required<MemoryBusOptions>;
  readonly #ids = new Set<string>();
  readonly #rests = new Set<NodeJS.Timeout>();
  readonly #held = new Map<bigint, Held>();
  readonly #rejected = new Map<bigint, Rejected>();
  #heldBytes = 0;
  #rejectedBytes = 0;
  #sequence = 0n;
  #rejectedSequence = 0n;
  #changed = Promise.withResolvers<void>();

  constructor({
    limitBytes = Number.POSITIVE_INFINITY,
    rejectedLimitBytes = Number.POSITIVE_INFINITY,
    now = Date.now,
  }: MemoryBusOptions) {
    this.#options = { limitBytes, rejectedLimitBytes, now };
  }

  async publish(message: Message): Promise<"stored" | "duplicate"> {
    if (this.#ids.has(message.id)) return "duplicate";
    const heldBytes = this.#heldBytes + message.body.length;
    if (heldBytes > this.#options.limitBytes) throw new BusFull("the bus is full");
    this.#heldBytes = heldBytes;
    this.#ids.add(message.id);
    this.#sequence += 1n;
    const storedAt = this.#options.now();
    this.#held.set(this.#sequence, { sequence: this.#sequence, message, storedAt, attempt: 0, state: "waiting" });
    this.#announce();
    return "stored";
  }

  async consume(
    handle: (deliveries: readonly Delivery[]) => Promise<readonly Fate[]>,
    { batchMessages, handsAtOnce = 1, signal }: Consuming,
  ): Promise<void> {
    const wake = (): void => this.#announce();
    const hands = new AtOnce(handsAtOnce, wake);
    const mine: Held[] = [];
    signal.addEventListener("abort", wake, { once: true });
    try {
      while (!signal.aborted && !hands.failed) {
        const hand = [
          ...this.#held
            .values()
            .filter(({ state }) => state === "waiting")
            .take(batchMessages),
        ];
        if (hand.length === 0) await this.#changed.promise;
        else await hands.begin(() => this.#handOver(hand, handle, mine));
      }
      await hands.end();
    } finally {
      await hands.quiet();
      signal.removeEventListener("abort", wake);
      for (const held of mine) this.#release(held);
    }
  }

  async #handOver(
    hand: readonly Held[],
    handle: (deliveries: readonly Delivery[]) => Promise<readonly Fate[]>,
    unsettled: Held[],
  ): Promise<void> {
    for (const held of hand) {
      held.state = "in hand";
      held.attempt += 1;
    }
    try {
      const fates = await handle(hand.map((held) => this.#delivery(held)));
      if (fates.length !== hand.length)
        throw new RangeError(`${hand.length} messages were handed over, ${fates.length} fates came back`);
      for (const [index, held] of hand.entries()) this.#settle(held, fates[index] ?? "retry");
    } catch (error) {
      unsettled.push(...hand.filter(({ state }) => state === "in hand"));
      throw error;
    }
  }

  #delivery({ sequence, message, storedAt, attempt }: Held): Delivery {
    return { position: { stream: this.#stream, sequence }, message, attempt, storedAt, sentAt: storedAt };
  }

  #settle(held: Held, fate: Fate): void {
    if (fate === "done") this.#forget(held);
    else if (fate === "retry" || !this.#reject(held.message, fate.reject)) this.#rest(held);
    else this.#forget(held);
  }

  #forget(held: Held): void {
    this.#held.delete(held.sequence);
    this.#heldBytes -= held.message.body.length;
  }

  #rest(held: Held): void {
    held.state = "resting";
    const rest = setTimeout(() => {
      this.#rests.delete(rest);
      this.#release(held);
    }, restMs(held.attempt));
    this.#rests.add(rest);
  }

  #release(held: Held): void {
    held.state = "waiting";
    this.#announce();
  }

  /** False when the rejects are full. */
  #reject(message: Message, reason: string): boolean {
    const body = redacted(message.body);
    if (this.#rejectedBytes + body.length > this.#options.rejectedLimitBytes) return false;
    this.#rejectedBytes += body.length;
    this.#rejectedSequence += 1n;
    const sequence = this.#rejectedSequence;
    this.#rejected.set(sequence, { sequence, reason, rejectedAt: this.#options.now(), message: { ...message, body } });
    return true;
  }

  get backlog(): number {
    return this.#held.size;
  }

  async *rejected(after = 0n): AsyncIterable<Rejected> {
    yield* [...this.#rejected.values()].filter(({ sequence }) => sequence > after);
  }

  async replay(sequence: bigint): Promise<boolean> {
    const found = this.#rejected.get(sequence);
    if (found === undefined) return false;
    await this.publish({ ...found.message, id: replayId(found.message.id, sequence) });
    this.#rejected.delete(sequence);
    this.#rejectedBytes -= found.message.body.length;
    return true;
  }

  #announce(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  close(): void {
    for (const rest of this.#rests) clearTimeout(rest);
    this.#rests.clear();
  }
}
