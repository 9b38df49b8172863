import { allMetrics, laidOut, NAME, parseSelector, type Query, QueryError } from "@raingauge/promql";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import type { Calendar } from "../period-query.ts";
import { rulesOf } from "../rules/evaluator.ts";
import { ruleRoutes } from "../rules/routes.ts";
import type { RulesSettings } from "../rules/settings.ts";
import { RequestInvalid, type Routes } from "../schema.ts";
import { inFlight } from "./in-flight.ts";
import type { Lent } from "./lent.ts";
import {
  InstantParameters,
  limitOf,
  RangeParameters,
  SeriesParameters,
  type SeriesQuery,
  spanOf,
  timeOf,
} from "./parameters.ts";
import type { Answered, Question } from "./question.ts";
import { failure, NO_NOTICES, send, success } from "./said.ts";
import { QUERY_LIMITS, type QueryLimits } from "./settings.ts";
import { threads } from "./threads.ts";

interface Collaborators extends Lent {
  readonly calendar: Calendar;
  readonly book: string;
  readonly queryLimits?: QueryLimits | undefined;
  readonly rules?: RulesSettings | undefined;
}

/** Where a data source of type Prometheus points to. */
const BASE = "/prometheus";

const Answer = z.unknown().describe("As Prometheus answers.");

/** The query API of Prometheus over the store, for Grafana, promtool, vmalert and whoever else speaks it. */
export const prometheusRoutes: Routes<Collaborators> = async (
  app,
  { store, ledger, calendar, book, queryLimits, rules },
) => {
  const limits = queryLimits ?? QUERY_LIMITS;
  const pool = threads(limits.queryThreads, { store, ledger });
  const counted = inFlight(limits.queriesPerCaller);
  app.addHook("onClose", () => pool[Symbol.asyncDispose]());
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (request, body, done) =>
    done(null, formOf(request, String(body))),
  );
  app.setErrorHandler((error, _request, reply) => {
    const told = errorOf(error);
    if (told === undefined) throw error;
    return send(reply.code(STATUS[told.type]), failure(told));
  });

  const now = calendar.clock;
  const asked = (request: FastifyRequest, what: Question["what"], timeout: string | undefined): Promise<Answered> => {
    const caller = request.access?.caller;
    const { zone } = calendar;
    const lookbackMs = limits.queryLookbackSeconds * 1_000;
    const seriesMax = limits.querySeriesMax;
    const question = { what, scope: scopeOf(request), now: now(), zone, book, lookbackMs, seriesMax };
    return counted(caller?.id ?? caller?.name ?? "", () =>
      withSignal(request, secondsFor(timeout, limits), (signal) => pool.ask(question, signal)),
    );
  };
  const answer = async (request: FastifyRequest, reply: FastifyReply, query: Query, timeout: string | undefined) => {
    const { data, ...notices } = await asked(request, { kind: "query", query }, timeout);
    return send(reply, success(data, notices));
  };
  const settings = (lookback: string | undefined) => ({
    lookbackMs: lookback === undefined ? limits.queryLookbackSeconds * 1_000 : spanOf(lookback, "lookback_delta"),
    samplesMax: limits.querySamplesMax,
  });

  const instant = async (request: FastifyRequest, reply: FastifyReply, given: z.output<typeof InstantParameters>) => {
    const start = given.time === undefined ? now() : timeOf(given.time, "time");
    const grid = { start, step: 1, count: 1 };
    return answer(
      request,
      reply,
      { text: given.query, kind: "instant", grid, ...settings(given.lookback_delta) },
      given.timeout,
    );
  };
  const range = async (request: FastifyRequest, reply: FastifyReply, given: z.output<typeof RangeParameters>) => {
    const grid = gridOf(given, limits.queryPointsMax);
    return answer(
      request,
      reply,
      { text: given.query, kind: "range", grid, ...settings(given.lookback_delta) },
      given.timeout,
    );
  };
  const found = async (request: FastifyRequest, given: SeriesQuery) => {
    const selectors = (given["match[]"] ?? []).map(parseSelector);
    const end = given.end === undefined ? now() : timeOf(given.end, "end");
    const span = { start: given.start === undefined ? end - DAY_MS : timeOf(given.start, "start"), end };
    const what = { kind: "series", selectors: selectors.length === 0 ? [ANYTHING] : selectors, span } as const;
    const { data } = await asked(request, what, undefined);
    return JSON.parse(data) as readonly Readonly<Record<string, string>>[];
  };
  const listed = (reply: FastifyReply, values: readonly unknown[], limit: string | undefined) => {
    const most = limitOf(limit);
    const warnings = values.length > most ? { warnings: ["results truncated due to limit"] } : {};
    return send(reply, JSON.stringify({ status: "success", data: values.slice(0, most), ...warnings }));
  };

  const both = <S extends z.ZodType>(
    path: string,
    summary: string,
    parameters: S,
    handle: (request: FastifyRequest, reply: FastifyReply, given: z.output<S>) => Promise<FastifyReply>,
  ): void => {
    const config = { admits: ANYBODY };
    const answers = { hide: true, summary, response: { 200: Answer } };
    app.get(`${BASE}/api/v1/${path}`, { schema: { ...answers, querystring: parameters }, config }, (request, reply) =>
      handle(request, reply, request.query as z.output<S>),
    );
    app.post(
      `${BASE}/api/v1/${path}`,
      { schema: answers, config: { ...config, onlyReads: true }, bodyLimit: FORM_BYTES_MAX },
      (request, reply) =>
        handle(request, reply, parse(parameters, { ...asRecord(request.query), ...asRecord(request.body) })),
    );
  };

  both("query", "A PromQL query of one instant", InstantParameters, instant);
  both("query_range", "A PromQL query of a range of steps", RangeParameters, range);
  both(
    "format_query",
    "A query as it should be laid out",
    z.object({ query: z.string() }),
    async (_request, reply, given) => send(reply, success(JSON.stringify(laidOut(given.query)), NO_NOTICES)),
  );
  both("query_exemplars", "Exemplars, of which there are none", z.object({}), async (_request, reply) =>
    listed(reply, [], undefined),
  );
  both("series", "The labels of series that match", SeriesParameters, async (request, reply, given) => {
    if (given["match[]"] === undefined) throw new QueryError("bad_data", "no match[] parameter provided");
    return listed(reply, await found(request, given), given.limit);
  });
  both("labels", "The names of labels", SeriesParameters, async (request, reply, given) => {
    const names = (await found(request, given)).flatMap((labels) => Object.keys(labels));
    return listed(reply, [...new Set(names)].toSorted(), given.limit);
  });

  const config = { admits: ANYBODY };
  const values = {
    hide: true,
    summary: "The values of a label",
    querystring: SeriesParameters,
    params: z.object({ name: z.string() }),
    response: { 200: Answer },
  };
  app.get(`${BASE}/api/v1/label/:name/values`, { schema: values, config }, async (request, reply) => {
    const { name } = request.params;
    const all = (await found(request, request.query)).flatMap((labels) => labels[name] ?? []);
    return listed(reply, [...new Set(all)].toSorted(), request.query.limit);
  });
  const metadata = {
    hide: true,
    summary: "Types, units and words of what can be asked for",
    querystring: z.object({ metric: z.string().optional(), limit: z.string().optional() }),
    response: { 200: Answer },
  };
  app.get(`${BASE}/api/v1/metadata`, { schema: metadata, config }, async (request, reply) => {
    return send(reply, JSON.stringify({ status: "success", data: described(request.query) }));
  });
  ruleRoutes(app, BASE, rulesOf(rules ?? {}));
  const build = { hide: true, summary: "Which Prometheus this answers as", response: { 200: Answer } };
  app.get(`${BASE}/api/v1/status/buildinfo`, { schema: build, config }, async (_request, reply) =>
    send(reply, success(JSON.stringify(BUILD), NO_NOTICES)),
  );
};

function described({ metric, limit }: { readonly metric?: string | undefined; readonly limit?: string | undefined }) {
  const served = allMetrics().filter(({ name, origin }) => SERVED.has(origin) && (metric ?? name) === name);
  const data = served.slice(0, limitOf(limit));
  return Object.fromEntries(data.map(({ name, type, help, unit }) => [name, [{ type, help, unit }]]));
}

const DAY_MS = 86_400_000;
const FORM_BYTES_MAX = 1024 * 1024;
const ANYTHING = [{ label: NAME, op: "=~" as const, value: ".+" }];
const SERVED: ReadonlySet<string> = new Set(["readings", "rating", "ledger"]);

/** A version from which on Grafana relies on label values. */
const BUILD = { version: "3.0.0", revision: "raingauge", branch: "", buildUser: "", buildDate: "", goVersion: "" };

const STATUS = { bad_data: 400, execution: 422, timeout: 503, canceled: 503, unavailable: 503 } as const;

function errorOf(error: unknown): Pick<QueryError, "type" | "message"> | undefined {
  if (error instanceof QueryError) return error;
  if (error instanceof RequestInvalid) {
    const [{ where = "", says = "" } = {}] = error.errors;
    return {
      type: "bad_data",
      message: `invalid parameter ${JSON.stringify(where.replace("querystring.", ""))}: ${says}`,
    };
  }
  return undefined;
}

/**
 * A form as a query string is read: a name that is repeated has several values. vmalert says that it sends JSON, sends nothing,
 * and has its parameters in the address; so a body of another type counts for nothing.
 */
function formOf({ headers }: FastifyRequest, body: string): Record<string, string | string[]> {
  if (!headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) return {};
  const form = new URLSearchParams(body);
  return Object.fromEntries(
    [...new Set(form.keys())].map((name) => {
      const values = form.getAll(name);
      return [name, values.length > 1 ? values : (values[0] ?? "")];
    }),
  );
}

const asRecord = (given: unknown): Record<string, unknown> =>
  typeof given === "object" && given !== null ? { ...given } : {};

function parse<S extends z.ZodType>(parameters: S, given: unknown): z.output<S> {
  const result = parameters.safeParse(given);
  if (result.success) return result.data;
  throw new RequestInvalid("querystring", result.error.issues);
}

function gridOf({ start, end, step }: z.output<typeof RangeParameters>, pointsMax: number) {
  const [from, to, by] = [timeOf(start, "start"), timeOf(end, "end"), spanOf(step, "step")];
  if (to < from)
    throw new QueryError("bad_data", 'invalid parameter "end": end timestamp must not be before start time');
  if (by <= 0)
    throw new QueryError(
      "bad_data",
      'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  const count = Math.floor((to - from) / by) + 1;
  if (count > pointsMax)
    throw new QueryError(
      "bad_data",
      `exceeded maximum resolution of ${pointsMax.toLocaleString("en")} points per timeseries. Try decreasing the query resolution (?step=XX)`,
    );
  return { start: from, step: by, count };
}

/** The time that a query has, in milliseconds: what it asks for, but never more than the limit. */
function secondsFor(timeout: string | undefined, { querySecondsMax }: QueryLimits): number {
  const most = querySecondsMax * 1_000;
  return timeout === undefined ? most : Math.min(most, spanOf(timeout, "timeout"));
}

/** Ends with the time that a query has, and when nobody waits for the answer any more. */
async function withSignal<T>(
  request: FastifyRequest,
  mostMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ended = new AbortController();
  const late = (): void => ended.abort(new QueryError("timeout", "query timed out in expression evaluation"));
  const gone = (): void => ended.abort(new QueryError("canceled", "query was canceled in expression evaluation"));
  const timer = setTimeout(late, mostMs);
  if (mostMs <= 0) late();
  request.raw.socket.once("close", gone);
  try {
    return await work(ended.signal);
  } finally {
    clearTimeout(timer);
    request.raw.socket.off("close", gone);
  }
}
