import { AckPolicy, jetstreamManager, StorageType } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";

/** JetStream with nothing of ours around it, on a stream of its own. */
export interface JetStreamAlone extends AsyncDisposable {
  /** Resolves once all of them are stored. */
  publish(messages: readonly Body[]): Promise<void>;
  /** Takes and acknowledges so many messages. */
  consume(count: number): Promise<void>;
  /** What a stream takes on disk, envelopes and all. */
  bytes(stream: string): Promise<number>;
}

interface Body {
  readonly id: string;
  readonly body: Uint8Array;
}

const STREAM = "ALONE";
/** Enough in flight that the server never waits for us. */
const WINDOW = 500;
/** More in flight, and the server takes a client for a slow one. */
const IN_FLIGHT_BYTES = 8 * 1024 * 1024;

export async function jetStreamAlone(url: string): Promise<JetStreamAlone> {
  const nats = await connect({ servers: url });
  const manager = await jetstreamManager(nats);
  const jetstream = manager.jetstream();
  await manager.streams.add({ name: STREAM, subjects: ["alone"], storage: StorageType.File });
  await manager.consumers.add(STREAM, {
    durable_name: STREAM,
    ack_policy: AckPolicy.Explicit,
    max_ack_pending: 10_000,
  });
  return {
    async publish(messages) {
      for (let from = 0; from < messages.length; from += WINDOW) {
        const some = messages.slice(from, from + WINDOW);
        await Promise.all(some.map(({ id, body }) => jetstream.publish("alone", body, { msgID: id })));
      }
    },
    async consume(count) {
      const consumer = await jetstream.consumers.get(STREAM, STREAM);
      const messages = await consumer.consume({ max_bytes: IN_FLIGHT_BYTES });
      let left = count;
      for await (const message of messages) {
        message.ack();
        left -= 1;
        if (left === 0) break;
      }
      await nats.flush();
    },
    bytes: async (stream) => (await manager.streams.info(stream)).state.bytes,
    [Symbol.asyncDispose]: () => nats.close(),
  };
}
