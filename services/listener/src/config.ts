import { type Broker, parseBroker } from "@raingauge/openstack";
import {
  choice,
  count,
  type Environment,
  flag,
  list,
  path,
  type Reader,
  readConfig,
  secretFile,
  text,
  url,
} from "@raingauge/runtime";

export const config = (env: Environment) => readConfig(env, listenerSettings);

export type Config = ReturnType<typeof config>;

const GIBIBYTE = 1024 ** 3;

/** What the command reads too, when it runs everything in one process. */
export const listenerSettings = {
  region: text("REGION", { fallback: "RegionOne" }),
  natsUrl: url("NATS_URL", { schemes: ["nats:", "tls:"], fallback: "nats://127.0.0.1:4222" }),
  broker: broker("RABBIT_URL"),
  queue: text("LISTENER_QUEUE", { fallback: "raingauge.notifications" }),
  queueType: choice("LISTENER_QUEUE_TYPE", ["classic", "quorum"], { fallback: "classic" }),
  /** Cinder's is `openstack` unless somebody changed it. */
  exchanges: list("LISTENER_EXCHANGES", {
    fallback: ["nova", "cinder", "glance", "neutron", "openstack", "keystone", "heat", "swift"],
  }),
  exchangesDurable: flag("LISTENER_EXCHANGES_DURABLE", { fallback: false }),
  routingKeys: list("LISTENER_ROUTING_KEYS", { fallback: ["notifications.*", "versioned_notifications.*"] }),
  prefetch: count("LISTENER_PREFETCH", { fallback: 500, max: 65_535 }),
  folder: path("LISTENER_FOLDER", { fallback: "/var/lib/raingauge/listener" }),
  spoolBytes: count("LISTENER_SPOOL_BYTES", { fallback: GIBIBYTE }),
  setAsideBytes: count("LISTENER_SET_ASIDE_BYTES", { fallback: GIBIBYTE / 4 }),
  healthHost: text("LISTENER_HEALTH_HOST", { fallback: "127.0.0.1" }),
  healthPort: count("LISTENER_HEALTH_PORT", { fallback: 9_471, min: 0, max: 65_535 }),
};

/** A service's own `transport_url` does as it is. It carries a password: it may come from a file, and is never shown. */
function broker(name: string): Reader<Broker> {
  const secret = secretFile(name);
  return {
    names: secret.names,
    read(look, problem) {
      const written = secret.read(look, problem).reveal();
      if (written === "") return NO_BROKER();
      try {
        return parseBroker(written);
      } catch (error) {
        problem(`RAINGAUGE_${name} is ${error instanceof Error ? error.message : "not a URL"}`);
        return NO_BROKER();
      }
    },
  };
}

/** Stands where a problem was named; never used. */
const NO_BROKER = (): Broker => parseBroker("amqp://none.invalid");
