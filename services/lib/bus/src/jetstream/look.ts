import { JetStreamApiError, type JetStreamManager, jetstreamManager } from "@nats-io/jetstream";
import { dial, type Server } from "./connection.ts";
import { REJECTED_STREAM, STREAM, STREAM_NOT_FOUND } from "./streams.ts";
import { told } from "./trouble.ts";

/** How full a stream is. */
export interface StreamLook {
  readonly messages: number;
  readonly bytes: number;
  readonly limitBytes: number;
  readonly replicas: number;
  /** Of the replicas, those that are behind or away. */
  readonly replicasLagging: number;
}

/** What a nats-server shows of the bus; a stream that is not there yet is undefined. */
export interface BusLook {
  readonly version: string;
  readonly messages: StreamLook | undefined;
  readonly rejects: StreamLook | undefined;
}

/** Looks without making anything: no stream, no consumer. Throws BusUnavailable. */
export async function lookAtBus(server: Omit<Server, "timeoutMs" | "name">): Promise<BusLook> {
  const connection = await dial({ ...server, name: "raingauge doctor", timeoutMs: LOOK_MS });
  try {
    const manager = await told(jetstreamManager(connection.nats, { timeout: LOOK_MS }));
    return {
      version: connection.nats.info?.version ?? "",
      messages: await told(lookAt(manager, STREAM)),
      rejects: await told(lookAt(manager, REJECTED_STREAM)),
    };
  } finally {
    await connection.close();
  }
}

const LOOK_MS = 5_000;

async function lookAt(manager: JetStreamManager, name: string): Promise<StreamLook | undefined> {
  try {
    const { config, state, cluster } = await manager.streams.info(name);
    return {
      messages: state.messages,
      bytes: state.bytes,
      limitBytes: config.max_bytes,
      replicas: config.num_replicas,
      replicasLagging: (cluster?.replicas ?? []).filter(({ current, offline }) => !current || offline === true).length,
    };
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return undefined;
    throw error;
  }
}
