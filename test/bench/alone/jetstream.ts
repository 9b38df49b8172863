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
  /** Takes the stream off the disk. */
  remove(): Promise<void>;
}

interface Body {
  readonly id: string;
  readonly body: Uint8Array;
}

/** Enough in flight that the server never waits for us. */
const WINDOW = 500;
/** More in flight, and the server takes a client for a slow one. */
const IN_FLIGHT_BYTES = 8 * 1024 * 1024;

/** The stream is made, and is nobody else's: what its consumer once asked the server for may still be sent to nobody. */
export async function jetStreamAlone(url: string, stream = "ALONE"): Promise<JetStreamAlone> {
  const nats = await connect({ servers: url });
  const manager = await jetstreamManager(nats);
  const jetstream = manager.jetstream();
  await manager.streams.add({ name: stream, subjects: [stream], storage: StorageType.File });
  await manager.consumers.add(stream, {
    durable_name: stream,
    ack_policy: AckPolicy.Explicit,
    max_ack_pending: 10_000,
  });
  return {
    async publish(messages) {
      for (let from = 0; from < messages.length; from += WINDOW) {
        const some = messages.slice(from, from + WINDOW);
        await Promise.all(some.map(({ id, body }) => jetstream.publish(stream, body, { msgID: id })));
      }
    },
    async consume(count) {
      const consumer = await jetstream.consumers.get(stream, stream);
      const messages = await consumer.consume({ max_bytes: IN_FLIGHT_BYTES });
      let left = count;
      for await (const message of messages) {
        message.ack();
        left -= 1;
        if (left === 0) break;
      }
      await nats.flush();
    },
    remove: async () => void (await manager.streams.delete(stream)),
    bytes: async (named) => (await manager.streams.info(named)).state.bytes,
    [Symbol.asyncDispose]: () => nats.close(),
  };
}
