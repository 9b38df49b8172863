import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { spooled } from "@raingauge/bus/spool";
import { asideLine } from "@raingauge/definitions";
import { at, iso, type PriceBook } from "@raingauge/domain";
import { listenEverywhere, listenerMetrics, setAsideIn } from "@raingauge/listener";
import { hostDefined, pollerMetrics, pollHost } from "@raingauge/poller";
import { budgetsOnSchedule, closeOnSchedule, mailer, openIdentity, signOn } from "@raingauge/rater";
import { busOptions, type Log, type Tools } from "@raingauge/runtime";
import { openTracer, type Tracer, tracedBus } from "@raingauge/traces";
import { priceBookDigest } from "@raingauge/wire";
import { type Agent, borrowed } from "./agent.ts";
import { adminToken, hangDoorplate } from "./commands/door.ts";
import { type Config, revealed } from "./config.ts";
import { type Installation, type NatsServer, openInstallation } from "./installation.ts";
import { openService } from "./service.ts";
import { swept } from "./swept.ts";
import { together } from "./together.ts";

/** Everything in one process, until the signal aborts: then what is in hand is settled, and all that was started ends. */
export async function up(config: Config, { log, signal }: Tools): Promise<void> {
  await using tracer = await openTracer({ ...config, service: "up", log });
  await using opened = await openInstallation({
    folder: config.dataFolder,
    nats: natsOf(config),
    ledgerUrl: config.ledgerUrl?.href,
    storeUrl: config.storeUrl,
    storeToken: revealed(config.storeToken),
  });
  const installation = { ...opened, bus: tracedBus(opened.bus, tracer) };
  const { folder, ledger, natsUrl, clock } = installation;
  await publishBook(installation, config.priceBook, log);
  await adminToken(folder, ledger);
  const agents = [
    await listening(installation, config, { log, tracer }),
    await polled(installation, config, log),
    swept(installation, config, log),
  ].filter((agent) => agent !== undefined);
  await using identity = openIdentity(config, { ledger, log, signal });
  await using service = await openService(installation, {
    ...{
      zone: config.zone,
      book: config.book,
      host: config.listenHost,
      port: config.listenPort,
      log,
      identity,
      signOn: config.signOn && signOn(config.signOn, { log, clock }),
      metricsFile: config.metricsFile,
      chart: config.chart,
      outside: { region: config.region, rules: config.outsideRules },
      requestsPerMinute: config.requestsPerMinute,
      retentionSeconds: config.retentionSeconds,
      queryLimits: config,
      rules: config,
    },
    exposed: agents.map(({ metrics }) => metrics),
    ready: Object.assign({}, ...agents.map(({ ready }) => ready)),
  });
  hangDoorplate(folder, { url: service.url, natsUrl });
  log.info("raingauge started", {
    url: service.url,
    folder,
    listening: config.brokers !== undefined,
    polling: config.libvirtUri !== undefined,
    sweeping: config.cloud !== undefined,
  });
  const terms = {
    zone: config.zone,
    book: config.book,
    graceHours: config.graceHours,
    monthsBack: config.monthsBack,
    holder: `up ${process.pid}`,
  };
  const parts = { ...installation, clock, log, metrics: service.metrics };
  using mail = config.smtpUrl && mailer({ url: config.smtpUrl.href, from: config.mailFrom });
  await together(signal, [
    (stop) => service.collect(stop),
    (stop) => closeOnSchedule(parts, terms, stop),
    (stop) => budgetsOnSchedule({ ...parts, mail }, terms, stop),
    ...agents.map(({ run }) => run),
  ]);
}

/** The bus that was named; where none was, `up` starts a server of its own. */
const natsOf = ({ busUrls, busCredentials, busCa }: Config): NatsServer | undefined =>
  busUrls && busOptions({ busUrls, busCredentials, busCa });

/** The notification agent, where a broker was named. */
async function listening(
  { bus, folder }: Installation,
  config: Config,
  { log, tracer }: { readonly log: Log; readonly tracer: Tracer },
): Promise<Agent | undefined> {
  const { brokers, definitions, spoolBytes: limitBytes } = config;
  if (brokers === undefined) return undefined;
  const own = join(folder, "listener");
  await mkdir(own, { recursive: true, mode: 0o700 });
  const metrics = listenerMetrics();
  const setAside = await setAsideIn(join(own, "set-aside"), config.setAsideBytes);
  let away: string | undefined = "not connected to RabbitMQ yet";
  return {
    metrics,
    ready: { rabbitmq: () => away },
    run: async (signal) => {
      await using spool = await spooled(borrowed(bus), { folder: join(own, "spool"), limitBytes, tell: log.info });
      const tellAway = (reason: string | undefined): void => {
        away = reason;
      };
      for (const each of definitions.aside) log.info("definition set aside", asideLine(each));
      const collaborators = { definitions, bus: spool, setAside, log, metrics, tracer, now: () => at(Date.now()) };
      await listenEverywhere(collaborators, { ...config, brokers, folder: own, tellAway }, signal);
    },
  };
}

/** The polling agent, where a hypervisor was named. */
async function polled({ bus, folder }: Installation, config: Config, log: Log): Promise<Agent | undefined> {
  const { libvirtUri, spoolBytes } = config;
  if (libvirtUri === undefined) return undefined;
  const own = join(folder, "poller");
  const metrics = pollerMetrics();
  let unready: string | undefined = "not polled yet";
  return {
    metrics,
    ready: { libvirt: () => unready },
    run: async (signal) => {
      await using spool = await spooled(borrowed(bus), {
        folder: join(own, "spool"),
        limitBytes: spoolBytes,
        tell: log.info,
      });
      const defined = hostDefined(config.definitions);
      const poller = await pollHost({ ...config, libvirtUri, folder: own }, { bus: spool, log, metrics, defined });
      unready = undefined;
      await poller.run(signal);
    },
  };
}

/** Publishes the price book that the operator keeps in a file, from the beginning of time if it is the first of its name. */
export async function publishBook(
  { ledger, clock }: Pick<Installation, "ledger" | "clock">,
  book: PriceBook | undefined,
  log: Log,
): Promise<void> {
  if (book === undefined) return;
  const known = (await ledger.books()).filter((published) => published.book.name === book.name);
  if (known.some(({ digest }) => digest === priceBookDigest(book))) return;
  const { validFrom } = await ledger.publish(book, known.length === 0 ? at(0) : clock());
  log.info("price book published", { book: book.name, version: book.version, validFrom: iso(validFrom) });
}
