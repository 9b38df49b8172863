import type { JetStreamManager, StoredMsg } from "@nats-io/jetstream";
import { BusFull, BusUnavailable, type Delivery, type Rejected } from "../bus.ts";
import { redacted } from "../redact.ts";
import { header, headersOf, messageOf, write } from "./address.ts";
import { ANYTHING, REJECTED_STREAM, REJECTED_SUBJECT } from "./streams.ts";
import { told } from "./trouble.ts";

/** Longer reasons than this are somebody's data, not a reason. */
const REASON_CHARACTERS = 1_000;

export interface Rejects {
  /** False where there is no room for it, or no answer. */
  add(delivery: Delivery, reason: string): Promise<boolean>;
  list(after?: bigint): AsyncIterable<Rejected>;
  find(sequence: bigint): Promise<Rejected | undefined>;
  /** False where it is gone already. */
  remove(sequence: bigint): Promise<boolean>;
}

export const rejectsIn = (manager: JetStreamManager): Rejects => ({
  add: (delivery, reason) => add(manager, delivery, reason),
  async *list(after = 0n) {
    let next = Number(after) + 1;
    for (;;) {
      const found = await read(manager, { seq: next, next_by_subj: ANYTHING });
      if (found === undefined) return;
      yield rejectedOf(found);
      next = found.seq + 1;
    }
  },
  async find(sequence) {
    const found = await read(manager, { seq: Number(sequence) });
    return found === undefined ? undefined : rejectedOf(found);
  },
  remove: (sequence) => manager.streams.deleteMessage(REJECTED_STREAM, Number(sequence)),
});

/** Named by its position, so that a rejection whose acknowledgement was lost is kept once. */
async function add(manager: JetStreamManager, { message, position }: Delivery, reason: string): Promise<boolean> {
  const headers = headersOf(message);
  write(headers, "reason", reason.slice(0, REASON_CHARACTERS));
  const msgID = `${position.stream} ${position.sequence}`;
  try {
    await told(manager.jetstream().publish(REJECTED_SUBJECT, redacted(message.body), { headers, msgID }));
    return true;
  } catch (error) {
    if (error instanceof BusFull || error instanceof BusUnavailable) return false;
    throw error;
  }
}

async function read(
  manager: JetStreamManager,
  query: { seq: number; next_by_subj?: string },
): Promise<StoredMsg | undefined> {
  return (await told(manager.direct.getMessage(REJECTED_STREAM, query))) ?? undefined;
}

const rejectedOf = ({ seq, header: headers, data, time }: StoredMsg): Rejected => ({
  sequence: BigInt(seq),
  reason: header(headers, "reason"),
  rejectedAt: time.getTime(),
  message: messageOf(headers, data),
});
