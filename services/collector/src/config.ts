import { definitionsReader } from "@raingauge/definitions";
import {
  BUS_READERS,
  count,
  cron,
  type Environment,
  optional,
  readConfig,
  type Settings,
  seconds,
  secretFile,
  text,
  url,
} from "@raingauge/runtime";
import { STORE_URL } from "@raingauge/store/open";
import { TRACE_READERS } from "@raingauge/traces";

/**
 * How old readings become. A month must have been closed from its readings, at the latest 30 days after its end
 * (RAINGAUGE_GRACE_HOURS), before the first of them go: that makes 62 days.
 */
export const RETENTION = optional(seconds("RETENTION", { min: 62 * 86_400, max: 100 * 366 * 86_400 }));

export const COLLECTOR_READERS = {
  /** An operator's own meters are measured like the others. */
  definitions: definitionsReader,
  ...BUS_READERS,
  ...TRACE_READERS,
  /** Collectors that share a bus and a store share this name. */
  consumer: text("COLLECTOR_CONSUMER", { fallback: "collector" }),
  batchMessages: count("COLLECTOR_BATCH_MESSAGES", { fallback: 1_024, max: 10_000 }),
  /** What the bus may hold; 4 GiB and 1 GiB of rejects on one server, unless told otherwise here or once before. */
  busBytes: optional(count("BUS_BYTES", { min: 1024 ** 2 })),
  rejectedBytes: optional(count("BUS_REJECTED_BYTES", { min: 1024 ** 2 })),
  busReplicas: optional(count("BUS_REPLICAS", { max: 5 })),
  /** How long the bus waits for a collector that died before it hands its messages over again. */
  ackWaitSeconds: seconds("BUS_ACK_WAIT", { fallback: 30, max: 3_600 }),
  /** A DuckDB file lets one process open it: this one. */
  storeUrl: url("STORE_URL", { ...STORE_URL, fallback: "duckdb:/var/lib/raingauge/samples.duckdb" }),
  storeToken: optional(secretFile("STORE_TOKEN")),
  rollUpSchedule: cron("COLLECTOR_ROLL_UP", { fallback: "*/5 * * * *" }),
  retentionSeconds: RETENTION,
  healthHost: text("COLLECTOR_HEALTH_HOST", { fallback: "127.0.0.1" }),
  healthPort: count("COLLECTOR_HEALTH_PORT", { fallback: 9172, min: 0, max: 65_535 }),
} as const;

export type Config = Settings<typeof COLLECTOR_READERS>;

export const config = (env: Environment): Config => readConfig(env, COLLECTOR_READERS);
