import { createInbox, type Msg, nanos, type Subscription } from "@nats-io/transport-node";
import { BusUnavailable } from "../bus.ts";
import type { Connection } from "./connection.ts";
import { Pulled } from "./pulled.ts";

/**
 * Short, because a request cannot be taken back: whoever stops asking waits until the last request has ended. What the server
 * sends to nobody would lie there until it has waited for a fate in vain; 2.9 mislays redeliveries so.
 */
const REQUEST_MS = 250;
const OVERDUE_MS = 10_000;

/**
 * At 60 KB a message these are 8 MB; much more in flight, and the server takes us for a slow consumer. A bound in bytes would suit
 * small messages better, but 2.9 leaves a request with `max_bytes` without an answer now and then.
 */
const REQUEST_MESSAGES = 128;

/** What may wait for whoever takes it, in bytes, before nothing more is asked for: as much again as one transaction takes. */
const WAITING_BYTES = 16 * 1024 * 1024;

/**
 * Asks the server for messages, one request at a time, and keeps as many as whoever takes them wants at once, while they are not
 * too large. The client's own `consume` gives one message at a time and cannot say whether there are more; this gives all that is
 * there, so that one transaction can take them together.
 */
export class Pull {
  readonly #connection: Connection;
  readonly #subject: string;
  readonly #inbox = createInbox();
  readonly #subscription: Subscription;
  readonly #lost: AbortSignal;
  readonly #lose = (): void => this.#fail(new BusUnavailable("the connection was lost"));
  readonly #wanted: number;
  #waiting: Pulled[] = [];
  #waitingBytes = 0;
  /** How many messages the open request may still bring. */
  #owed = 0;
  #overdue: NodeJS.Timeout | undefined;
  #closing = false;
  #failure: unknown;
  #changed = Promise.withResolvers<void>();

  /** `subject` is where requests for this consumer go, `wanted` how many are taken at once. Nothing more can come once `lost` aborts. */
  constructor(connection: Connection, { subject, wanted }: Asking, lost: AbortSignal) {
    this.#connection = connection;
    this.#subject = subject;
    this.#wanted = Math.max(wanted, REQUEST_MESSAGES);
    const callback = (error: Error | null, message: Msg): void => this.#hear(error, message);
    this.#subscription = connection.nats.subscribe(this.#inbox, { callback });
    this.#lost = lost;
    lost.addEventListener("abort", this.#lose);
    if (lost.aborted) this.#lose();
    this.#ask();
  }

  get waiting(): readonly Pulled[] {
    return this.#waiting;
  }

  /** At most `count`, as soon as there are any; none where `wake` was called instead. Throws why nothing more can come. */
  async some(count: number): Promise<readonly Pulled[]> {
    if (this.#waiting.length === 0 && this.#failure === undefined) await this.#changed.promise;
    if (this.#failure !== undefined) throw this.#failure;
    const taken = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    this.#waitingBytes = this.#waiting.reduce((sum, { data }) => sum + data.length, 0);
    this.#ask();
    return taken;
  }

  wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  /** Ends it once nothing more is on its way, and returns what nobody took. */
  async close(): Promise<readonly Pulled[]> {
    this.#closing = true;
    while (this.#owed > 0) await this.#changed.promise;
    this.#subscription.unsubscribe();
    this.#lost.removeEventListener("abort", this.#lose);
    return this.#waiting;
  }

  #ask(): void {
    const enough = this.#waiting.length >= this.#wanted || this.#waitingBytes >= WAITING_BYTES;
    if (this.#owed > 0 || enough || this.#closing || this.#failure !== undefined) return;
    this.#owed = REQUEST_MESSAGES;
    this.#overdue = setTimeout(() => this.#fail(new BusUnavailable("the nats-server does not answer")), OVERDUE_MS);
    const request = JSON.stringify({ batch: REQUEST_MESSAGES, expires: nanos(REQUEST_MS) });
    this.#connection.nats.publish(this.#subject, request, { reply: this.#inbox });
  }

  #hear(error: Error | null, message: Msg): void {
    if (error !== null) this.#fail(error);
    else if (message.subject !== this.#inbox) {
      this.#waiting.push(new Pulled(message));
      this.#waitingBytes += message.data.length;
      this.#heard(this.#owed - 1);
    } else if (ENDED.includes(message.headers?.code ?? 0)) this.#heard(0);
    else this.#fail(new BusUnavailable(`JetStream has ended the consumer: ${message.headers?.status}`));
  }

  #heard(owed: number): void {
    this.#owed = Math.max(0, owed);
    if (this.#owed === 0) clearTimeout(this.#overdue);
    this.wake();
    this.#ask();
  }

  #fail(failure: unknown): void {
    clearTimeout(this.#overdue);
    this.#failure ??= failure;
    this.#owed = 0;
    this.wake();
  }
}

interface Asking {
  readonly subject: string;
  readonly wanted: number;
}

/** No message now, and the request's time is over. */
const ENDED: readonly number[] = [404, 408];
