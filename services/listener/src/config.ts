import { definitionsReader } from "@raingauge/definitions";
import { BUS_READERS, choice, count, type Environment, flag, list, path, readConfig, text } from "@raingauge/runtime";
import { TRACE_READERS } from "@raingauge/traces";
import { sources } from "./source.ts";

export const config = (env: Environment) =>
  readConfig(env, { definitions: definitionsReader, ...BUS_READERS, ...TRACE_READERS, ...listenerSettings });

export type Config = ReturnType<typeof config>;

const GIBIBYTE = 1024 ** 3;

/**
 * Every service's own. Cinder's is `openstack` unless somebody changed it, Designate's `dns` or `designate` by its release.
 * One that nobody speaks on costs nothing; Octavia's and Manila's are the ones that others forget.
 */
const EXCHANGES = [
  "nova",
  "cinder",
  "glance",
  "neutron",
  "openstack",
  "keystone",
  "heat",
  "swift",
  "octavia",
  "manila",
  "dns",
  "designate",
  "magnum",
  "trove",
  "ironic",
  "aodh",
];

/** What the command reads too, when it runs everything in one process. */
export const listenerSettings = {
  region: text("REGION", { fallback: "RegionOne" }),
  brokers: sources("RABBIT_URL"),
  queue: text("LISTENER_QUEUE", { fallback: "raingauge.notifications" }),
  queueType: choice("LISTENER_QUEUE_TYPE", ["classic", "quorum"], { fallback: "classic" }),
  exchanges: list("LISTENER_EXCHANGES", { fallback: EXCHANGES }),
  exchangesDurable: flag("LISTENER_EXCHANGES_DURABLE", { fallback: false }),
  routingKeys: list("LISTENER_ROUTING_KEYS", { fallback: ["notifications.*", "versioned_notifications.*"] }),
  prefetch: count("LISTENER_PREFETCH", { fallback: 500, max: 65_535 }),
  folder: path("LISTENER_FOLDER", { fallback: "/var/lib/raingauge/listener" }),
  spoolBytes: count("LISTENER_SPOOL_BYTES", { fallback: GIBIBYTE }),
  setAsideBytes: count("LISTENER_SET_ASIDE_BYTES", { fallback: GIBIBYTE / 4 }),
  healthHost: text("LISTENER_HEALTH_HOST", { fallback: "127.0.0.1" }),
  healthPort: count("LISTENER_HEALTH_PORT", { fallback: 9_471, min: 0, max: 65_535 }),
};
