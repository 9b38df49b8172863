import { RETENTION } from "@raingauge/collector";
import { LEDGER_URL } from "@raingauge/ledger/postgres";
import { listenerSettings } from "@raingauge/listener";
import { cloudReader, definedReader, POLLER_READERS, SWEEP_READERS } from "@raingauge/poller";

import {
  chartReader,
  identityReaders,
  MAIL_READERS,
  metricsFileReader,
  OUTSIDE_READERS,
  QUERY_READERS,
  RULES_READERS,
  signOnReader,
  zone,
} from "@raingauge/rater";
import {
  BUS_READERS,
  count,
  type Environment,
  file,
  optional,
  readConfig,
  type Secret,
  secretFile,
  text,
  url,
} from "@raingauge/runtime";

import { STORE_URL } from "@raingauge/store/open";
import { TRACE_READERS } from "@raingauge/traces";
import { readPriceBook } from "@raingauge/wire";
import { dataFolderReader } from "./data-folder.ts";

/** Everything that `raingauge up` can be told; all of it has a default but the brokers, hypervisors and clouds to listen to. */
export const config = (env: Environment) => {
  const { queue, queueType, exchanges, exchangesDurable, routingKeys, prefetch, spoolBytes, setAsideBytes } =
    listenerSettings;
  const { schedule, host, virsh, virshSeconds, watchesHost, hostRoot, ipmitool, boardSeconds } = POLLER_READERS;
  return readConfig(
    env,
    {
      definitions: definedReader,
      dataFolder: dataFolderReader(env),
      zone: zone("ZONE"),
      listenHost: text("LISTEN_HOST", { fallback: "127.0.0.1" }),
      listenPort: count("LISTEN_PORT", { fallback: 8780, min: 0, max: 65_535 }),
      ...BUS_READERS,
      ...TRACE_READERS,
      busUrls: optional(BUS_READERS.busUrls),
      ledgerUrl: optional(url("LEDGER_URL", LEDGER_URL)),
      storeUrl: optional(url("STORE_URL", STORE_URL)),
      storeToken: optional(secretFile("STORE_TOKEN")),
      retentionSeconds: RETENTION,
      priceBook,
      book: text("BOOK", { fallback: "standard" }),
      ...MAIL_READERS,
      ...QUERY_READERS,
      ...RULES_READERS,
      graceHours: count("GRACE_HOURS", { fallback: 6, min: 0, max: 720 }),
      monthsBack: count("MONTHS_BACK", { fallback: 3, min: 1, max: 24 }),
      brokers: optional(listenerSettings.brokers),
      ...{ queue, queueType, exchanges, exchangesDurable, routingKeys, prefetch, spoolBytes, setAsideBytes },
      libvirtUri: optional(POLLER_READERS.libvirtUri),
      ...{ schedule, host, virsh, virshSeconds, watchesHost, hostRoot, ipmitool, boardSeconds },
      cloud: cloudReader(env),
      ...SWEEP_READERS,
      ...identityReaders(env),
      signOn: signOnReader,
      metricsFile: metricsFileReader,
      chart: chartReader,
      ...OUTSIDE_READERS,
      requestsPerMinute: count("REQUESTS_PER_MINUTE", { fallback: 6_000 }),
    },
    ["URL", "TOKEN"],
  );
};

export type Config = ReturnType<typeof config>;

/** The price book that the operator keeps in a file. */
const priceBook = file(
  "PRICE_BOOK",
  (content) => {
    const { book, problems } = readPriceBook(content);
    return { value: book, problems };
  },
  undefined,
);

export const revealed = (secret: Secret | undefined): string | undefined => secret?.reveal();
