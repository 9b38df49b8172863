import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";

export const STREAM = "RAINGAUGE";
/** Both kinds of message, in one pattern; the rejects lie outside it, lest they be caught again. */
const SUBJECTS = "raingauge.*.*.*.*";
export const REJECTED_STREAM = "RAINGAUGE_REJECTED";
/**
 * Whatever a stream holds, asked for in its order. A nats-server that was killed may come back with an index by subject that
 * lacks what it holds, and finds by no narrower subject what is there.
 */
export const ANYTHING = ">";

export const REJECTED_SUBJECT = "raingauge.rejected";

/** What is not given is the default for a stream that is not there yet, and left alone for one that is. */
export interface StreamLimits {
  readonly limitBytes?: number | undefined;
  readonly rejectedLimitBytes?: number | undefined;
  /** 3 in a cluster. */
  readonly replicas?: number | undefined;
}

const GIB = 1024 ** 3;
const DEFAULT_BYTES = 4 * GIB;
const DEFAULT_REJECTED_BYTES = GIB;

/**
 * How long the server remembers ids. An agent that missed an acknowledgement asks again within seconds; what comes again
 * later is found by the store, by position and by the identity of the readings.
 */
const DUPLICATE_WINDOW_MS = 2 * 60 * 1000;

/** Both streams, made or brought up to these limits. A full one refuses and never drops. */
export async function prepareStreams(manager: JetStreamManager, limits: StreamLimits): Promise<void> {
  const messages = {
    ...COMMON,
    name: STREAM,
    subjects: [SUBJECTS],
    retention: RetentionPolicy.Workqueue,
    max_bytes: DEFAULT_BYTES,
  };
  const rejects = {
    ...COMMON,
    name: REJECTED_STREAM,
    subjects: [REJECTED_SUBJECT],
    retention: RetentionPolicy.Limits,
    max_bytes: DEFAULT_REJECTED_BYTES,
  };
  await prepare(manager, messages, given(limits.limitBytes, limits.replicas));
  await prepare(manager, rejects, given(limits.rejectedLimitBytes, limits.replicas));
}

const COMMON = {
  storage: StorageType.File,
  discard: DiscardPolicy.New,
  num_replicas: 1,
  allow_direct: true,
  duplicate_window: nanos(DUPLICATE_WINDOW_MS),
} as const;

/** Names one life of the stream: its sequence begins anew with it. */
export const lifeOf = ({ config, created }: StreamInfo): string => `${config.name}@${created}`;

type Wanted = Partial<StreamConfig> & { readonly name: string };
type Given = Partial<Pick<StreamConfig, "max_bytes" | "num_replicas">>;

const given = (bytes: number | undefined, replicas: number | undefined): Given => ({
  ...(bytes === undefined ? {} : { max_bytes: bytes }),
  ...(replicas === undefined ? {} : { num_replicas: replicas }),
});

async function prepare(manager: JetStreamManager, anew: Wanted, limits: Given): Promise<void> {
  const known = await existing(manager, anew.name);
  if (known === undefined) await manager.streams.add({ ...anew, ...limits });
  else if (differs(known.config, limits)) await manager.streams.update(anew.name, { ...known.config, ...limits });
}

const differs = (config: StreamConfig, limits: Given): boolean =>
  config.max_bytes !== (limits.max_bytes ?? config.max_bytes) ||
  config.num_replicas !== (limits.num_replicas ?? config.num_replicas);

async function existing(manager: JetStreamManager, name: string): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(name);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return undefined;
    throw error;
  }
}

export const STREAM_NOT_FOUND = 10_059;
