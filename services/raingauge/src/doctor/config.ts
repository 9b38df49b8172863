import { LEDGER_URL } from "@raingauge/ledger/postgres";
import { listenerSettings } from "@raingauge/listener";
import { cloudReader } from "@raingauge/poller";
import { BUS_READERS, type Environment, optional, PREFIX, readConfig, secretFile, text, url } from "@raingauge/runtime";
import { STORE_URL } from "@raingauge/store/open";

/**
 * What of the environment the doctor asks about. It is run beside any of the processes, so settings that are not its business
 * are no misprints.
 */
export function doctorConfig(env: Environment) {
  const { brokers, queue, queueType, exchanges, exchangesDurable, routingKeys } = listenerSettings;
  const readers = {
    region: text("REGION", { fallback: "RegionOne" }),
    brokers: optional(brokers),
    ...{ queue, queueType, exchanges, exchangesDurable, routingKeys },
    cloud: cloudReader(env),
    ...BUS_READERS,
    busUrls: optional(BUS_READERS.busUrls),
    ledgerUrl: optional(url("LEDGER_URL", LEDGER_URL)),
    storeUrl: optional(url("STORE_URL", STORE_URL)),
    storeToken: optional(secretFile("STORE_TOKEN")),
  } as const;
  const names = new Set(Object.values(readers).flatMap((reader) => reader.names));
  return readConfig(ours(env, names), readers);
}

const ours = (env: Environment, names: ReadonlySet<string>): Environment =>
  Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith(PREFIX) || names.has(name.slice(PREFIX.length))),
  );

export type DoctorConfig = ReturnType<typeof doctorConfig>;
