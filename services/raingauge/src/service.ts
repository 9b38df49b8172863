import { collector, collectorMetrics, exposed as exposedCollector } from "@raingauge/collector";
import type { Instant } from "@raingauge/domain";
import {
  type Identity,
  type MetricsFile,
  type Outside,
  type QueryLimits,
  type RaterMetrics,
  type RulesSettings,
  raterMetrics,
  raterReady,
  type ServerParts,
  type SignOn,
  server,
} from "@raingauge/rater";
import { type Exposition, type Log, processMetrics } from "@raingauge/runtime";
import type { Installation } from "./installation.ts";

export interface ServiceOptions {
  readonly zone: string;
  readonly book: string;
  readonly host: string;
  readonly port: number;
  readonly log: Log;
  /** What CloudKitty's API rates. */
  readonly metricsFile?: MetricsFile | undefined;
  /** The accounts onto which documents are booked. */
  readonly chart?: ServerParts["chart"];
  /** What is made of readings from outside. */
  readonly outside?: Outside;
  readonly requestsPerMinute?: number;
  /** How old readings become; for ever where nothing is said. */
  readonly retentionSeconds?: number | undefined;
  /** What a PromQL query may take. */
  readonly queryLimits?: QueryLimits;
  readonly rules?: RulesSettings;
  /** Who knows the callers; the ledger's own tokens alone where absent. */
  readonly identity?: Identity;
  readonly signOn?: SignOn | undefined;
  /** What else `/metrics` shows and `/readyz` asks. */
  readonly exposed?: readonly Exposition[];
  readonly ready?: Readonly<Record<string, () => string | undefined>>;
}

/** Collector and rater on one installation: what is on the bus goes to the store, and the API answers. */
export interface Service extends AsyncDisposable {
  readonly url: string;
  readonly metrics: RaterMetrics;
  /** Moves what is on the bus into the store until the signal aborts. */
  collect(signal: AbortSignal): Promise<void>;
}

/** As the collector is configured when nobody says otherwise. */
const COLLECTING = { consumer: "collector", batchMessages: 1_024, rollUpSchedule: "* * * * *" };

export async function openService(installation: Installation, options: ServiceOptions): Promise<Service> {
  const { bus, store, ledger } = installation;
  const { zone, book, host, port, log, retentionSeconds, exposed = [], ready = {} } = options;
  const clock = (): Instant => installation.clock();
  const metrics = raterMetrics();
  const collecting = collectorMetrics();
  const app = await server({
    store,
    ledger,
    identity: options.identity,
    signOn: options.signOn,
    requestsPerMinute: options.requestsPerMinute,
    queryLimits: options.queryLimits,
    rules: options.rules,
    outside: options.outside,
    bus,
    book,
    metricsFile: options.metricsFile,
    chart: options.chart,
    log,
    metrics,
    calendar: { zone, clock },
    exposed: [processMetrics("raingauge"), exposedCollector(collecting, bus), ...exposed],
    ready: { ...raterReady({ store, ledger }), bus: () => told(bus.backlog()), ...ready },
  });
  const url = await app.listen({ host, port });
  return {
    url,
    metrics,
    collect: (signal) =>
      collector({ bus, store, log, metrics: collecting, now: clock }, { ...COLLECTING, retentionSeconds, signal }),
    [Symbol.asyncDispose]: () => app.close(),
  };
}

/** `/readyz` says why it fails. */
const told = (asked: Promise<unknown>): Promise<undefined> => asked.then(() => undefined);
