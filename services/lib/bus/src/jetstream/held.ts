import type { MsgHdrs } from "@nats-io/transport-node";

/** A message in hand, and the words by which its fate is told. Whatever is told first holds. */
export interface Held {
  readonly sequence: bigint;
  readonly attempt: number;
  /** UTC milliseconds, as the server's clock said when it stored the message. */
  readonly storedAt: number;
  readonly headers: MsgHdrs | undefined;
  readonly data: Uint8Array;
  done(): void | Promise<void>;
  again(afterMs?: number): void;
  /** Asks for patience. */
  working(): void;
}
