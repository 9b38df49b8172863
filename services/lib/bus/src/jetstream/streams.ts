import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from "@nats-io/jetstream";
import { millis, nanos } from "@nats-io/transport-node";

export const STREAM = "RAINGAUGE";
export const REJECTED_STREAM = "RAINGAUGE_REJECTED";
export const REJECTED_SUBJECT = "raingauge.rejected";

export interface StreamLimits {
  readonly limitBytes: number;
  readonly rejectedLimitBytes: number;
  readonly replicas: number;
}

/**
 * How long the server remembers ids. An agent that missed an acknowledgement asks again within seconds; what comes again
 * later is found by the store, by position and by the identity of the readings.
 */
const DUPLICATE_WINDOW_MS = 2 * 60 * 1000;

/** Both streams, made or brought up to these limits. A full one refuses and never drops. */
export async function prepareStreams(manager: JetStreamManager, limits: StreamLimits): Promise<void> {
  const common = {
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    num_replicas: limits.replicas,
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
  };
  await prepare(manager, {
    ...common,
    name: STREAM,
    subjects: ["raingauge.samples.>", "raingauge.events.>"],
    retention: RetentionPolicy.Workqueue,
    max_bytes: limits.limitBytes,
  });
  await prepare(manager, {
    ...common,
    name: REJECTED_STREAM,
    subjects: [REJECTED_SUBJECT],
    retention: RetentionPolicy.Limits,
    max_bytes: limits.rejectedLimitBytes,
    allow_direct: true,
  });
}

/** Names one life of the stream: its sequence begins anew with it. */
export const lifeOf = ({ config, created }: StreamInfo): string => `${config.name}@${created}`;

type Wanted = Partial<StreamConfig> & { readonly name: string };

async function prepare(manager: JetStreamManager, wanted: Wanted): Promise<void> {
  const { config } = (await existing(manager, wanted.name)) ?? (await manager.streams.add(wanted));
  if (same(config, wanted)) return;
  await manager.streams.update(wanted.name, { ...config, ...wanted });
}

async function existing(manager: JetStreamManager, name: string): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(name);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return undefined;
    throw error;
  }
}

const STREAM_NOT_FOUND = 10_059;

const same = (config: StreamConfig, wanted: Wanted): boolean =>
  config.max_bytes === wanted.max_bytes &&
  config.num_replicas === wanted.num_replicas &&
  millis(config.duplicate_window) === DUPLICATE_WINDOW_MS;
