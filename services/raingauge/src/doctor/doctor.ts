import { at } from "@raingauge/domain";
import { busOptions } from "@raingauge/runtime";
import { StoreUnavailable } from "@raingauge/store";
import { openStore } from "@raingauge/store/open";
import type { Door } from "../client.ts";
import { revealed } from "../config.ts";
import { type BrokerLook, brokerLook } from "./broker.ts";
import { type CloudLook, cloudLook, provoke } from "./cloud.ts";
import type { DoctorConfig } from "./config.ts";
import { type Evidence, evidence, NO_EVIDENCE } from "./evidence.ts";
import { type Finding, skipped, well, wrong } from "./finding.ts";
import { busFindings, ledgerFindings } from "./parts.ts";
import { serviceFindings } from "./services.ts";
import { settingsFindings } from "./settings.ts";

export interface Examination {
  readonly config: DoctorConfig;
  /** A running service of ours, where one is known. */
  readonly door: Door | undefined;
  /** The bus of a running `up`, where none was named. */
  readonly natsUrl: string | undefined;
  readonly etc: string;
  /** How long to listen to the broker. */
  readonly listenMs: number;
  readonly signal: AbortSignal;
}

/** Looks at everything that was named, changes none of it, and says what is off and how to turn it on. */
export async function doctor(examination: Examination): Promise<Finding[]> {
  const { config, door, etc, listenMs, signal } = examination;
  const cloud = config.cloud && { ...config.cloud, region: config.cloud.region ?? config.region };
  const [brokers, look, known, bus, ledger, store] = await Promise.all([
    Promise.all(
      (config.brokers ?? []).map(({ broker, queue = config.queue }) =>
        brokerLook({
          ...{ broker, listenMs, signal, pool: { ...config, queue } },
          provoke: async () => cloud && provoke(cloud, signal),
        }),
      ),
    ),
    cloud && cloudLook(cloud, signal),
    door === undefined ? undefined : evidence(door, Date.now()),
    busOf(examination),
    config.ledgerUrl === undefined ? [] : ledgerFindings(config.ledgerUrl.href),
    storeFindings(config),
  ]);
  return [
    ...(known === undefined ? [NOBODY] : known.findings),
    ...bus,
    ...store,
    ...ledger,
    ...(config.brokers === undefined ? [NO_BROKER] : brokers.flatMap(({ findings }) => findings)),
    ...(look === undefined ? [NO_CLOUD] : look.findings),
    ...together(brokers, look, known ?? NO_EVIDENCE),
    ...settingsFindings(etc),
  ];
}

const together = (brokers: readonly BrokerLook[], look: CloudLook | undefined, known: Evidence): Finding[] =>
  serviceFindings({
    ...{ brokers, evidence: known, services: look?.services, audit: look?.audit },
    provoked: look?.services !== undefined,
  });

const NOBODY = skipped(
  "raingauge",
  "no running service is known",
  "say where it is with --url or RAINGAUGE_URL, and RAINGAUGE_TOKEN",
);
const NO_BROKER = skipped("rabbitmq", "no broker was named", "say where it is in RAINGAUGE_RABBIT_URL");
const NO_CLOUD = skipped(
  "keystone",
  "no cloud was named",
  "name one in RAINGAUGE_OS_CLOUD, or by OpenStack's own OS_* variables",
);

async function busOf({ config: { busUrls, ...bus }, natsUrl }: Examination): Promise<Finding[]> {
  if (busUrls !== undefined) return busFindings(busOptions({ ...bus, busUrls }));
  if (natsUrl !== undefined) return busFindings({ url: natsUrl });
  return [skipped("nats", "no nats-server was named", "say where it is in RAINGAUGE_NATS_URL")];
}

/** A DuckDB file belongs to the process that has it open, and that one says itself whether it is well. */
async function storeFindings({ storeUrl, storeToken }: DoctorConfig): Promise<Finding[]> {
  if (storeUrl === undefined || storeUrl.protocol === "duckdb:") return [];
  try {
    await using store = await openStore(storeUrl, { token: revealed(storeToken), clock: () => at(Date.now()) });
    await store.watermark();
    return [well("store", "it answers")];
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return [wrong("store", error.message, "start it, or mend RAINGAUGE_STORE_URL and RAINGAUGE_STORE_TOKEN")];
  }
}
