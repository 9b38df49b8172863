import { hostname } from "node:os";
import {
  BUS_READERS,
  choice,
  count,
  cron,
  type Environment,
  flag,
  optional,
  path,
  readConfig,
  type Settings,
  seconds,
  text,
} from "@raingauge/runtime";
import { TRACE_READERS } from "@raingauge/traces";

export const POLLER_READERS = {
  ...BUS_READERS,
  ...TRACE_READERS,
  /** `host` reads libvirt on a compute node, `central` asks the APIs, once per region. */
  role: choice("POLLER_ROLE", ["host", "central"], { fallback: "host" }),
  region: text("REGION", { fallback: "RegionOne" }),
  /** As this compute node is to be called; keep it over reinstallations of the agent, for its counters hang on it. */
  host: text("POLLER_HOST", { fallback: hostname() }),
  schedule: cron("POLLER_SCHEDULE", { fallback: "*/5 * * * *" }),
  libvirtUri: text("LIBVIRT_URI", { fallback: "qemu:///system" }),
  virsh: text("VIRSH", { fallback: "virsh" }),
  virshSeconds: seconds("VIRSH_TIMEOUT", { fallback: 60 }),
  /** Whether the host's own processors, memory, disks and network are read too. */
  watchesHost: flag("POLLER_HARDWARE", { fallback: true }),
  /** Where the host's own file system is, as seen from a container. */
  hostRoot: path("POLLER_HOST_ROOT", { fallback: "/" }),
  /** `ipmitool`, where the sensors of this host's own board are to be read with it. */
  ipmitool: optional(text("IPMITOOL")),
  /** How long a management board may take, for all that it is asked. */
  boardSeconds: seconds("BOARD_TIMEOUT", { fallback: 60 }),
  /** Holds what must survive a restart: what is known of the host, and the spool. */
  folder: path("POLLER_FOLDER", { fallback: "/var/lib/raingauge/poller" }),
  /** A host of 50 machines fills less than half a MiB an hour: weeks. */
  spoolBytes: count("POLLER_SPOOL_BYTES", { fallback: 256 * 1024 * 1024, min: 1024 * 1024 }),
  healthHost: text("POLLER_HEALTH_HOST", { fallback: "127.0.0.1" }),
  healthPort: count("POLLER_HEALTH_PORT", { fallback: 9171, min: 0, max: 65_535 }),
} as const;

export type Config = Settings<typeof POLLER_READERS>;

export const config = (env: Environment): Config => readConfig(env, POLLER_READERS);
