import { type Msg, type MsgHdrs, nanos } from "@nats-io/transport-node";
import type { Held } from "./held.ts";

/**
 * A message as a consumer is sent it. Its reply subject says where it stands and takes its fate:
 * `$JS.ACK.<stream>.<consumer>.<attempt>.<sequence>.<consumer sequence>.<nanoseconds>.…`, with domain and account before the
 * stream from nats-server 2.10 on.
 */
export class Pulled implements Held {
  readonly headers: MsgHdrs | undefined;
  readonly data: Uint8Array;
  readonly attempt: number;
  readonly sequence: bigint;
  readonly storedAt: number;
  readonly #message: Msg;
  #settled = false;

  constructor(message: Msg) {
    const told = (message.reply ?? "").split(".");
    const [, , attempt = "", sequence = "", , nanoseconds = ""] = told.slice(told.length === SHORT ? 2 : 4);
    this.#message = message;
    this.headers = message.headers;
    this.data = message.data;
    this.attempt = Number(attempt);
    this.sequence = BigInt(sequence);
    this.storedAt = Number(BigInt(nanoseconds) / 1_000_000n);
  }

  done(): void {
    this.#settle("+ACK");
  }

  /** Does nothing for a message that is settled already, so that all in hand can be given back whatever went wrong. */
  again(afterMs = 0): void {
    this.#settle(afterMs === 0 ? "-NAK" : `-NAK ${JSON.stringify({ delay: nanos(afterMs) })}`);
  }

  working(): void {
    if (!this.#settled) this.#message.respond("+WPI");
  }

  #settle(fate: string): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#message.respond(fate);
  }
}

const SHORT = 9;
