export type { Leases } from "./leases.ts";

/** What becomes of a delivered message. There is no fourth thing. */
export type Fate = "done" | "retry" | { readonly reject: string };

/** A message on its way out. The body is opaque here; `wire` knows what it says. */
export interface Message {
  /** Digest of the body. The bus stores an id once (within its window); a replay adds its attempt. */
  readonly id: string;
  readonly kind: "samples" | "events";
  readonly region: string;
  readonly service: string;
  /** Decides the partition: one project's data stays in order. Empty for what belongs to no project. */
  readonly project: string;
  /** The trace that it belongs to, as a W3C `traceparent`, where somebody follows one. */
  readonly trace?: string;
  readonly body: Uint8Array;
}

/** Where a message stands in its stream. Redelivery repeats the position, so a store can tell. */
export interface Position {
  /** Names one life of one stream: a stream made anew is another stream, though its sequence begins again at 1. */
  readonly stream: string;
  readonly sequence: bigint;
}

export interface Delivery {
  readonly position: Position;
  readonly message: Message;
  /** From 1. */
  readonly attempt: number;
  /** When the bus stored it, in UTC milliseconds of the bus's own clock. */
  readonly storedAt: number;
  /** When its sender gave it away, in UTC milliseconds of the sender's clock; what waited in a spool counts from there on. */
  readonly sentAt: number;
}

export interface Rejected {
  readonly sequence: bigint;
  readonly reason: string;
  /** UTC milliseconds. */
  readonly rejectedAt: number;
  readonly message: Message;
}

/** How a consumer takes part: collectors that name the same consumer share its work. */
export interface Consuming {
  readonly consumer: string;
  /** How many messages are handed over at once at most; they are settled one by one. */
  readonly batchMessages: number;
  /**
   * How many such batches may be in hand at once: while one is being committed the next can be read. Each is begun after the one
   * before it, and settled by itself. One where nothing is said.
   */
  readonly handsAtOnce?: number;
  readonly signal: AbortSignal;
}

/**
 * The message bus. Promises, each held by the conformance suite:
 * 1. A message published is kept until it is done or rejected; `publish` resolves only after it is stored.
 * 2. Publishing an id again stores nothing and says `duplicate`.
 * 3. Every message is handed over until its fate is `done` or a rejection; a handler that throws, or a consumer that dies,
 *    means it is handed over again, with the same position.
 * 4. Within a partition, messages are first handed over in the order of publication.
 * 5. A rejected message rests with its reason and its bytes; it can be listed, and replayed as a new message. When the
 *    rejects are full, a rejection becomes a retry: nothing is lost.
 * 6. A full bus refuses (`BusFull`) and never drops what it holds.
 * 7. `consume` resolves, once `signal` aborts, after the messages in hand are settled.
 * 8. A delivery says when its message was sent and when it was stored; redelivery repeats both.
 */
export interface Bus extends AsyncDisposable {
  /** Throws BusFull or BusUnavailable; the message is then not accepted, and the caller keeps it. */
  publish(message: Message): Promise<"stored" | "duplicate">;
  /**
   * Throws BusUnavailable where it cannot go on, for one because the connection was lost; whoever still wants messages
   * calls it again. What was in hand is then handed over again.
   */
  consume(handle: (deliveries: readonly Delivery[]) => Promise<readonly Fate[]>, options: Consuming): Promise<void>;
  /** How many messages are neither done nor rejected, those in hand included. */
  backlog(): Promise<number>;
  /** Oldest first; with `after`, those behind that sequence, without reading what is before it. */
  rejected(after?: bigint): AsyncIterable<Rejected>;
  /** Puts a rejected message back on the bus and takes it from the rejects. False if there is none of that sequence. */
  replay(sequence: bigint): Promise<boolean>;
}

/** The bus cannot be reached now; the same call may succeed later. */
export class BusUnavailable extends Error {
  override readonly name = "BusUnavailable";
}

/** The bus is full and pushes back; the same call will succeed when consumers have caught up. */
export class BusFull extends Error {
  override readonly name = "BusFull";
}
