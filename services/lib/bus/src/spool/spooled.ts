import { mkdir } from "node:fs/promises";
import { setTimeout as rest } from "node:timers/promises";
import {
  type Bus,
  BusFull,
  BusUnavailable,
  type Consuming,
  type Delivery,
  type Fate,
  type Message,
  type Rejected,
} from "../bus.ts";
import { restMs } from "../retry.ts";
import { Journal, type Tell } from "./journal.ts";
import { locked } from "./lock.ts";

export { FolderHeld } from "./lock.ts";

export interface SpoolOptions {
  /** Belongs to this process alone; made if it is not there. */
  readonly folder: string;
  readonly limitBytes: number;
  readonly segmentBytes?: number;
  /** Hears what an operator should know: that the bus went away and came back, that a record was dropped. */
  readonly tell?: Tell;
}

/** A bus with a spool before it, and what the spool holds. */
export interface SpooledBus extends Bus {
  readonly held: { readonly messages: number; readonly bytes: number };
}

/** After a crash, at most so much is published a second time. */
const SEGMENT_BYTES = 1024 * 1024;

/**
 * The same bus, which also takes messages while it is away or full: they are synced to disk before `publish` resolves, and
 * follow at their original bytes, under their ids and in their order, once it answers. Whatever is published meanwhile
 * queues behind them. After a crash what was published last may be published again; the bus knows it by its id.
 *
 * When the spool is full too, `publish` throws BusFull, and nothing that was accepted is ever given up for something newer:
 * a listener then leaves the message with RabbitMQ. The bus and its spool end together.
 */
export async function spooled(bus: Bus, options: SpoolOptions): Promise<SpooledBus> {
  const { folder, limitBytes, segmentBytes = SEGMENT_BYTES, tell = () => undefined } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = await locked(folder);
  try {
    return new Spooled({ bus, lock, tell, journal: await Journal.open({ folder, limitBytes, segmentBytes, tell }) });
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

interface Parts {
  readonly bus: Bus;
  readonly journal: Journal;
  readonly lock: AsyncDisposable;
  readonly tell: Tell;
}

class Spooled implements SpooledBus {
  readonly #parts: Parts;
  readonly #stop = new AbortController();
  #filling: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#backfill();
  }

  get held(): { readonly messages: number; readonly bytes: number } {
    const { messages, bytes } = this.#parts.journal;
    return { messages, bytes };
  }

  async publish(message: Message): Promise<"stored" | "duplicate"> {
    const { bus, journal, tell } = this.#parts;
    if (this.#filling === undefined) {
      try {
        return await bus.publish(message);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        if (journal.messages === 0) tell("bus refused, spool begun", { reason: error.message });
      }
    }
    const stored = await journal.append(message);
    this.#backfill();
    return stored;
  }

  consume(handle: (deliveries: readonly Delivery[]) => Promise<readonly Fate[]>, options: Consuming): Promise<void> {
    return this.#parts.bus.consume(handle, options);
  }

  /** What waits on disk included. */
  async backlog(): Promise<number> {
    return (await this.#parts.bus.backlog()) + this.#parts.journal.messages;
  }

  rejected(after?: bigint): AsyncIterable<Rejected> {
    return this.#parts.bus.rejected(after);
  }

  replay(sequence: bigint): Promise<boolean> {
    return this.#parts.bus.replay(sequence);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { bus, journal, lock } = this.#parts;
    this.#stop.abort();
    await this.#filling;
    await journal.close();
    await lock[Symbol.asyncDispose]();
    await bus[Symbol.asyncDispose]();
  }

  /** While this runs, everything that is published queues in the journal. */
  #backfill(): void {
    if (this.#filling !== undefined || this.#parts.journal.messages === 0 || this.#stop.signal.aborted) return;
    this.#filling = this.#fill();
  }

  async #fill(): Promise<void> {
    const { journal, tell } = this.#parts;
    let published = 0;
    while (journal.messages > 0 && !this.#stop.signal.aborted) {
      const message = await journal.next();
      if (message === undefined || !(await this.#delivered(message))) continue;
      journal.dropped();
      published += 1;
    }
    if (journal.messages === 0) await journal.next();
    this.#filling = undefined;
    if (journal.messages === 0) tell("spool emptied", { published });
    this.#backfill();
  }

  /** Resolves once the bus has it, however long that takes; false when told to stop meanwhile. */
  async #delivered(message: Message): Promise<boolean> {
    for (let attempt = 1; !this.#stop.signal.aborted; attempt += 1) {
      try {
        await this.#parts.bus.publish(message);
        return true;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        await rest(restMs(attempt), undefined, { signal: this.#stop.signal, ref: false }).catch(() => undefined);
      }
    }
    return false;
  }
}

const isRefusal = (error: unknown): error is BusFull | BusUnavailable =>
  error instanceof BusFull || error instanceof BusUnavailable;
