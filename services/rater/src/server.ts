import compress from "@fastify/compress";
import swagger from "@fastify/swagger";
import type { Bus } from "@raingauge/bus";
import { type Chart, type Press, press } from "@raingauge/documents";
import type { Ledger } from "@raingauge/ledger";
import type { Check, Exposition, Log } from "@raingauge/runtime";
import type { SampleStore } from "@raingauge/store";
import Fastify, { type FastifyInstance } from "fastify";
import { useAccess } from "./access.ts";
import { useAudit } from "./audit.ts";
import { DEFAULT_METRICS } from "./cloudkitty/default-metrics.ts";
import { type MetricsFile, readMetrics } from "./cloudkitty/metrics-file.ts";
import { cloudkittyRoutes, BASE as RATING } from "./cloudkitty/routes.ts";
import { takeoverRoutes } from "./cloudkitty/takeover-routes.ts";
import { useEtags } from "./etag.ts";
import { useEventStreams } from "./event-stream.ts";
import { frameworkErrors, useProblems } from "./failure.ts";
import type { Identity } from "./identity/identity.ts";
import { localTokens } from "./identity/local-tokens.ts";
import type { RaterMetrics } from "./metrics.ts";
import { useNamedWrites } from "./named-write.ts";
import { outsideRoutes } from "./outside/routes.ts";
import { type Outside, UNTOLD } from "./outside/settings.ts";
import type { Calendar } from "./period-query.ts";
import { prometheusRoutes } from "./prometheus/routes.ts";
import type { QueryLimits } from "./prometheus/settings.ts";
import { useRateLimit } from "./rate-limit.ts";
import { admitToReference, useReference } from "./reference.ts";
import { requestId, useRequestIds } from "./request-id.ts";
import { accountDraftRoutes } from "./routes/account-draft.ts";
import { accountRoutes } from "./routes/accounts.ts";
import { adjustmentRoutes } from "./routes/adjustments.ts";
import { auditRoutes } from "./routes/audit.ts";
import { budgetRoutes } from "./routes/budgets.ts";
import { closingRoutes } from "./routes/closings.ts";
import { costRoutes } from "./routes/costs.ts";
import { creditRoutes } from "./routes/credits.ts";
import { documentRoutes } from "./routes/documents.ts";
import { healthRoutes } from "./routes/health.ts";
import { invoiceRoutes } from "./routes/invoices.ts";
import { lifeRoutes } from "./routes/life.ts";
import { liveCostRoutes } from "./routes/live-costs.ts";
import { meterRoutes } from "./routes/meters.ts";
import { openApiOptions, openApiRoutes } from "./routes/openapi.ts";
import { pageRoutes } from "./routes/pages.ts";
import { priceBookRoutes } from "./routes/price-books.ts";
import { projectRoutes } from "./routes/projects.ts";
import { proposalRoutes } from "./routes/proposals.ts";
import { reasonRoutes } from "./routes/reasons.ts";
import { rejectedRoutes } from "./routes/rejected.ts";
import { resourceRoutes } from "./routes/resources.ts";
import { sampleRoutes } from "./routes/samples.ts";
import { storeRoutes } from "./routes/store.ts";
import { tokenRoutes } from "./routes/tokens.ts";
import { unreconciledRoutes } from "./routes/unreconciled.ts";
import { usageRoutes } from "./routes/usage.ts";
import { watchingRoutes } from "./routes/watching.ts";
import { useRoutesKnown } from "./routes-known.ts";
import type { RulesSettings } from "./rules/settings.ts";
import { type Routes, useZod } from "./schema.ts";
import { useSignOn } from "./single-sign-on/routes.ts";
import type { SignOn } from "./single-sign-on/sign-on.ts";

export interface ServerParts {
  readonly store: SampleStore;
  readonly ledger: Ledger;
  /** Who knows the callers; the ledger's own tokens alone where nobody else does. */
  readonly identity?: Identity | undefined;
  /** Where people sign in who look at the pages with a browser; by a token alone where absent. */
  readonly signOn?: SignOn | undefined;
  readonly bus: Pick<Bus, "rejected" | "replay" | "publish">;
  readonly calendar: Calendar;
  /** The name of the price book that prices usage. */
  readonly book: string;
  /** What CloudKitty's API rates; what CloudKitty itself would by default, where it is absent. */
  readonly metricsFile?: Pick<MetricsFile, "metrics" | "config"> | undefined;
  /** The accounts onto which documents are booked; those of SKR03 where absent. */
  readonly chart?: Chart | undefined;
  /** What is made of readings from outside. */
  readonly outside?: Outside | undefined;
  /** Of each caller; as many as they like where absent. */
  readonly requestsPerMinute?: number | undefined;
  /** What a PromQL query may take. */
  readonly queryLimits?: QueryLimits | undefined;
  /** Who evaluates alerting rules; nobody, where absent. */
  readonly rules?: RulesSettings | undefined;
  readonly log: Log;
  readonly metrics: RaterMetrics;
  /** What else `/metrics` shows. */
  readonly exposed?: readonly Exposition[];
  readonly ready: Readonly<Record<string, Check>>;
}

/** The rating API, ready to listen or to be asked directly. It owns none of its parts: whoever opened them closes them. */
export async function server(parts: ServerParts): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors,
    genReqId: requestId,
  });
  useRequestIds(app);
  useZod(app);
  useProblems(app, parts.log);
  useAudit(app, parts);
  admitToReference(app);
  useRoutesKnown(app);
  useNamedWrites(app, parts.ledger);
  const bySession = await useSignOn(app, parts.signOn, parts);
  useAccess(app, parts.identity ?? localTokens(parts.ledger), bySession);
  useEtags(app);
  useEventStreams(app);
  await app.register(compress, { threshold: GZIP_BYTES_MIN, encodings: ["gzip", "identity"] });
  if (parts.requestsPerMinute !== undefined) await useRateLimit(app, parts.requestsPerMinute);
  await app.register(swagger, openApiOptions);
  await useReference(app);
  const { metrics, exposed = [], ready } = parts;
  await app.register(healthRoutes, { metrics: [metrics, ...exposed], ready });
  await app.register(openApiRoutes);
  const printing = press();
  app.addHook("onClose", () => printing[Symbol.asyncDispose]());
  for (const routes of ROUTES) await app.register(routes, { ...parts, printing });
  await app.register(outsideRoutes, { ...parts, outside: parts.outside ?? UNTOLD });
  const { metricsFile = readMetrics(DEFAULT_METRICS) } = parts;
  await app.register(takeoverRoutes, { ...parts, metricsFile });
  await app.register(cloudkittyRoutes, { ...parts, prefix: RATING, metricsFile });
  return app;
}

/** Nothing but a price book is large, and its route says so itself. */
const BODY_BYTES_MAX = 64 * 1024;

/** Less than that fits into one packet either way. */
const GZIP_BYTES_MIN = 1_400;

interface RouteParts extends ServerParts {
  /** One for all, because a typesetter holds its fonts in memory. */
  readonly printing: Press;
}

const ROUTES: readonly Routes<RouteParts>[] = [
  meterRoutes,
  projectRoutes,
  usageRoutes,
  costRoutes,
  liveCostRoutes,
  auditRoutes,
  unreconciledRoutes,
  watchingRoutes,
  resourceRoutes,
  sampleRoutes,
  storeRoutes,
  priceBookRoutes,
  accountRoutes,
  accountDraftRoutes,
  creditRoutes,
  adjustmentRoutes,
  proposalRoutes,
  lifeRoutes,
  invoiceRoutes,
  documentRoutes,
  reasonRoutes,
  closingRoutes,
  budgetRoutes,
  rejectedRoutes,
  tokenRoutes,
  pageRoutes,
  prometheusRoutes,
];
