import { type ConsumerInfo, JetStreamApiError, type JetStreamManager, type StoredMsg } from "@nats-io/jetstream";
import type { Held } from "./held.ts";
import { ANYTHING, STREAM } from "./streams.ts";

/**
 * What the stream still holds although the consumer has it down as settled. A nats-server that is killed remembers
 * acknowledgements better than removals, so that such messages are never handed over again, and never make room. They are
 * taken up once more, not thrown away: the store knows what it has, and the server's word alone is no reason to lose a reading.
 */
export async function* stranded(manager: JetStreamManager, consumer: string): AsyncIterable<Held> {
  const { state } = await manager.streams.info(STREAM);
  const settled = settledUpTo(await manager.consumers.info(STREAM, consumer), state.first_seq);
  for (let next = state.first_seq; state.messages > 0 && next <= settled; ) {
    const found = await manager.direct.getMessage(STREAM, { seq: next, next_by_subj: ANYTHING });
    if (found === null || found.seq > settled) return;
    yield held(manager, found);
    next = found.seq + 1;
  }
}

/**
 * Everything up to its floor, which passes a message before that one goes. A floor that lies below what is gone waits, since a
 * crash, for a message that will never be handed over: then whatever was handed over once may be settled, and what is in
 * somebody's hand is handled twice, which the store does not mind.
 */
const settledUpTo = ({ ack_floor: floor, delivered }: ConsumerInfo, first: number): number =>
  floor.stream_seq < first - 1 ? delivered.stream_seq : floor.stream_seq;

const held = (manager: JetStreamManager, { seq, header, data, time }: StoredMsg): Held => ({
  sequence: BigInt(seq),
  attempt: HANDED_OVER_BEFORE,
  storedAt: time.getTime(),
  headers: header,
  data,
  done: () => removed(manager, seq),
  again: () => undefined,
  working: () => undefined,
});

const HANDED_OVER_BEFORE = 2;

/** Another collector may have been quicker. */
async function removed(manager: JetStreamManager, sequence: number): Promise<void> {
  try {
    await manager.streams.deleteMessage(STREAM, sequence, false);
  } catch (error) {
    if (!(error instanceof JetStreamApiError)) throw error;
  }
}
