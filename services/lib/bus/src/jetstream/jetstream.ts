import { jetstreamManager } from "@nats-io/jetstream";
import type { Bus, Message } from "../bus.ts";
import { BusUnavailable } from "../bus.ts";
import { replayId } from "../replay.ts";
import { headersOf, stampSent, subjectOf } from "./address.ts";
import { type Connection, type Credentials, dial } from "./connection.ts";
import { consume } from "./consume.ts";
import { type Opened, patient } from "./patient.ts";
import { rejectsIn } from "./rejects.ts";
import { prepareStreams, STREAM, type StreamLimits } from "./streams.ts";
import { told, trouble } from "./trouble.ts";

export type { Credentials } from "./connection.ts";

export interface JetStreamOptions extends StreamLimits {
  /** One or more addresses, separated by commas: `nats://` or `tls://`, user and password in it allowed. */
  readonly url: string;
  readonly credentials?: Credentials | undefined;
  readonly caFile?: string | undefined;
  /** How this client is called in the server's own lists. */
  readonly name?: string;
  /** May grow; projects then move to other partitions, and for a moment are in two. */
  readonly partitions?: number;
  readonly ackWaitMs?: number;
  readonly timeoutMs?: number;
}

const DEFAULTS = {
  name: "raingauge",
  partitions: 8,
  ackWaitMs: 30_000,
  timeoutMs: 5_000,
};

/**
 * The bus on NATS JetStream, from nats-server 2.9 on. Makes its streams where they are missing. Where no server answers yet
 * it goes on trying, and every call throws BusUnavailable with the reason until one does.
 */
export function jetStreamBus(options: JetStreamOptions): Promise<Bus> {
  const settings = { ...DEFAULTS, ...options };
  return patient(async () => {
    const connection = await dial(settings);
    try {
      return await opened(connection, settings);
    } catch (error) {
      await connection.nats.close();
      throw trouble(error);
    }
  });
}

async function opened(connection: Connection, settings: typeof DEFAULTS & JetStreamOptions): Promise<Opened> {
  const { ackWaitMs, partitions, timeoutMs } = settings;
  const manager = await jetstreamManager(connection.nats, { timeout: timeoutMs });
  await prepareStreams(manager, settings);
  const rejects = rejectsIn(manager);

  /** The driver would wait for a server that it knows to be away until the question times out. */
  const mustBeConnected = (): void => {
    if (!connection.isConnected()) throw new BusUnavailable("the nats-server is away");
  };

  const publish = async (message: Message): Promise<"stored" | "duplicate"> => {
    mustBeConnected();
    const headers = headersOf(message);
    stampSent(headers, Date.now());
    const options = { msgID: message.id, headers };
    const { duplicate } = await manager.jetstream().publish(subjectOf(message, partitions), message.body, options);
    return duplicate ? "duplicate" : "stored";
  };

  const replay = async (sequence: bigint): Promise<boolean> => {
    const found = await rejects.find(sequence);
    if (found === undefined) return false;
    await publish({ ...found.message, id: replayId(found.message.id, sequence) });
    return rejects.remove(sequence);
  };

  return {
    publish: (message) => told(publish(message)),
    consume: (handle, consuming) =>
      told(consume({ connection, manager, ackWaitMs, reject: rejects.add }, handle, consuming)),
    backlog: async () => {
      mustBeConnected();
      return (await told(manager.streams.info(STREAM))).state.messages;
    },
    rejected: rejects.list,
    replay: (sequence) => told(replay(sequence)),
    closed: connection.nats.closed(),
    [Symbol.asyncDispose]: () => connection.close(),
  };
}
