import { JetStreamApiError, type JetStreamManager, type StoredMsg } from "@nats-io/jetstream";
import type { Held } from "./held.ts";
import { ANYTHING, STREAM } from "./streams.ts";

/**
 * What the stream still holds although the consumer has it down as settled. A nats-server that is killed remembers
 * acknowledgements better than removals, so that such messages are never handed over again, and never make room. They are
 * taken up once more, not thrown away: the store knows what it has, and the server's word alone is no reason to lose a reading.
 */
export async function* stranded(manager: JetStreamManager, consumer: string): AsyncIterable<Held> {
  const { ack_floor: floor } = await manager.consumers.info(STREAM, consumer);
  const { state } = await manager.streams.info(STREAM);
  for (let next = state.first_seq; state.messages > 0 && next <= floor.stream_seq; ) {
    const found = await manager.direct.getMessage(STREAM, { seq: next, next_by_subj: ANYTHING });
    if (found === null || found.seq > floor.stream_seq) return;
    yield held(manager, found);
    next = found.seq + 1;
  }
}

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
