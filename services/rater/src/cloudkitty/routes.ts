import type { Ledger } from "@raingauge/ledger";
import { LedgerUnavailable } from "@raingauge/ledger";
import type { Log } from "@raingauge/runtime";
import { type SampleStore, StoreUnavailable } from "@raingauge/store";
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { IdentityUnavailable } from "../identity/identity.ts";
import type { Calendar } from "../period-query.ts";
import { PROBLEMS, Problem } from "../problems.ts";
import { json } from "./answer.ts";
import { collectorRoutes } from "./collector.ts";
import { dataframeRoutes } from "./dataframes.ts";
import { Fault, faultBody, isV2 } from "./fault.ts";
import { hashmapRoutes } from "./hashmap-routes.ts";
import { infoRoutes } from "./info.ts";
import type { MetricsFile } from "./metrics-file.ts";
import { moduleRoutesV2, ratingRoutes } from "./rating.ts";
import { ratingBook } from "./rating-book.ts";
import { reportRoutes } from "./reports.ts";
import { scopeRoutes } from "./scopes.ts";
import { scriptRoutes } from "./scripts.ts";
import { summaryRoutes } from "./summaries.ts";
import { taskRoutes } from "./tasks.ts";

export interface CloudKittyParts {
  readonly store: SampleStore;
  readonly ledger: Ledger;
  readonly calendar: Calendar;
  /** The name of the price book. */
  readonly book: string;
  readonly metricsFile: Pick<MetricsFile, "metrics" | "config">;
  readonly log: Log;
}

/** Where it is registered. */
export const BASE = "/rating";

/** CloudKitty's API, v1 and v2, for the clients and panels that know it. Another face of what is measured and priced here. */
export const cloudkittyRoutes: FastifyPluginAsync<CloudKittyParts> = async (app, parts) => {
  const { ledger, calendar, metricsFile } = parts;
  const book = ratingBook(ledger, calendar);
  const reading = { ...parts, priceBook: parts.book, book, metrics: metricsFile.metrics };
  takeAnyBody(app);
  useFaults(app, parts.log);

  app.get("/", { schema: { hide: true }, config: { admits: "public" } }, async (request) => versions(request));
  infoRoutes(app, metricsFile, "/v1");
  reportRoutes(app, reading, "/v1");
  collectorRoutes(app, book, "/v1");
  // "billing" is what it was called before.
  for (const rating of ["/v1/rating", "/v1/billing"]) {
    ratingRoutes(app, reading, rating);
    hashmapRoutes(app, { book, clock: calendar.clock }, rating);
    scriptRoutes(app, { book, clock: calendar.clock }, rating);
  }
  for (const routes of [moduleRoutesV2, summaryRoutes, dataframeRoutes, scopeRoutes, taskRoutes])
    routes(app, reading, "/v2");
};

function versions(request: FastifyRequest) {
  const link = (version: string) => ({ href: `${request.protocol}://${request.host}${BASE}/${version}`, rel: "self" });
  return {
    versions: [
      { id: "v1", links: [link("v1")], status: "CURRENT" },
      { id: "v2", links: [link("v2")], status: "EXPERIMENTAL" },
    ],
  };
}

/** Bodies stay texts until a route binds them, whatever their type is called, and those of GET are read too. */
function takeAnyBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  app.addHook("preHandler", async (request) => {
    if (request.method !== "GET" || Number(request.headers["content-length"] ?? 0) === 0) return;
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of request.raw as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > GET_BODY_BYTES_MAX) throw new Fault(413, "The body of a GET is larger than this route takes");
      chunks.push(chunk);
    }
    request.body = Buffer.concat(chunks).toString("utf8");
  });
}

const GET_BODY_BYTES_MAX = 64 * 1024;

function useFaults(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error, request, reply) => {
    const { status, says } = faultOf(error) ?? defect(error, request, log);
    return sendFault(request, reply, status, says);
  });
  app.setNotFoundHandler({}, (request, reply) => {
    const [status, title] = isV2(request.url) ? [404, "404 Not Found"] : [405, "405 Method Not Allowed"];
    return sendHtml(reply, status, title);
  });
}

function sendFault(request: FastifyRequest, reply: FastifyReply, status: number, says: string): FastifyReply {
  if (status === 401) reply.header("www-authenticate", `Keystone uri="${request.protocol}://${request.host}"`);
  // CloudKitty's own policy check answers so for its rules.
  if (status === 403 && request.url.includes("/module_config/")) return sendHtml(reply, status, "403 Forbidden");
  return json(reply.code(status), faultBody(status, says, request.url));
}

const sendHtml = (reply: FastifyReply, status: number, title: string): FastifyReply =>
  reply
    .code(status)
    .header("content-type", "text/html; charset=utf-8")
    .serializer(String)
    .send(`<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`);

function faultOf(error: unknown): { readonly status: number; readonly says: string } | undefined {
  if (error instanceof Fault) return { status: error.status, says: error.message };
  if (error instanceof Problem) return { status: PROBLEMS[error.code].status, says: PROBLEMS[error.code].title };
  if (error instanceof IdentityUnavailable) return { status: 503, says: "Who is asking cannot be found out now" };
  if (error instanceof StoreUnavailable) return { status: 503, says: PROBLEMS.STORE_UNAVAILABLE.title };
  if (error instanceof LedgerUnavailable) return { status: 503, says: PROBLEMS.LEDGER_UNAVAILABLE.title };
  if (!(error instanceof Error) || !("statusCode" in error) || typeof error.statusCode !== "number") return undefined;
  return error.statusCode < 500 ? { status: error.statusCode, says: error.message } : undefined;
}

function defect(error: unknown, { method, routeOptions }: FastifyRequest, log: Log) {
  log.error("request failed", { method, route: routeOptions.url, error });
  return { status: 500, says: "Internal Server Error" };
}
