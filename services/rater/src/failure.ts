import { BusFull, BusUnavailable } from "@raingauge/bus";
import { ExportRefused } from "@raingauge/documents";
import { LedgerConflict, LedgerUnavailable, Superseded } from "@raingauge/ledger";
import type { Log } from "@raingauge/runtime";
import { HoursFrozen, StoreUnavailable } from "@raingauge/store";
import { PriceBookError } from "@raingauge/wire";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { PeriodOpen } from "./close.ts";
import { PriceBookMissing } from "./drafts.ts";
import { wantsPage } from "./html-reply.ts";
import { IdentityUnavailable } from "./identity/identity.ts";
import { Problem, type ProblemCode } from "./problems.ts";
import { RequestInvalid } from "./schema.ts";
import { signInFor } from "./single-sign-on/routes.ts";
import { CurrencyDiffers } from "./what-if.ts";

/** Every answer that is not what was asked for is a problem+json of the one table. */
export function useProblems(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error) ?? defect(error, request, log);
    return sendProblem(problem, request, reply);
  });
  app.setNotFoundHandler((request, reply) => sendProblem(new Problem("NOT_FOUND"), request, reply));
}

/** What fastify refuses before any route is looked for, such as an address that cannot be decoded. */
export const frameworkErrors = (error: Error, request: FastifyRequest, reply: FastifyReply): void => {
  sendProblem(new Problem("REQUEST_INVALID", error.message), request, reply);
};

function defect(error: unknown, { id, method, routeOptions }: FastifyRequest, log: Log): Problem {
  log.error("request failed", { request: id, method, route: routeOptions.url, error });
  return new Problem("INTERNAL");
}

function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (problem.code === "TOKEN_MISSING" && reply.server.signIn !== undefined && isVisit(request))
    return reply.redirect(signInFor(request.url), 303);
  const body = { ...problem.body(), request: request.id };
  reply.header("x-request-id", request.id);
  if (body.status === 401)
    reply.header(
      "www-authenticate",
      wantsPage(request) ? 'Basic realm="Raingauge", charset="UTF-8"' : 'Bearer realm="Raingauge"',
    );
  return reply
    .code(body.status)
    .header("content-type", "application/problem+json")
    .serializer(JSON.stringify)
    .send(body);
}

/** A browser that opens a page, rather than a program that asks for something. */
const isVisit = (request: FastifyRequest): boolean => request.method === "GET" && wantsPage(request);

/** What to tell the caller of an error; undefined for a defect, of which they are told nothing but that there is one. */
function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof RequestInvalid) return new Problem("REQUEST_INVALID", "", error.errors);
  if (error instanceof PriceBookError) return new Problem("PRICE_BOOK_INVALID", "", error.problems.map(bookError));
  if (error instanceof PeriodOpen) return new Problem("PERIOD_OPEN", error.message);
  if (error instanceof PriceBookMissing) return new Problem("PRICE_BOOK_MISSING", error.message);
  if (error instanceof HoursFrozen) return new Problem("READINGS_GONE", error.message);
  if (error instanceof ExportRefused) return new Problem("CONFLICT", error.message);
  if (error instanceof CurrencyDiffers) return new Problem("CONFLICT", error.message);
  if (error instanceof Superseded) return new Problem("SUPERSEDED", error.message);
  if (error instanceof LedgerConflict) return new Problem("CONFLICT", error.message);
  return unavailable(error) ?? refusedByFramework(error);
}

/** The message of a driver may name hosts and users: it is for the log. */
function unavailable(error: unknown): Problem | undefined {
  if (error instanceof StoreUnavailable) return new Problem("STORE_UNAVAILABLE");
  if (error instanceof LedgerUnavailable) return new Problem("LEDGER_UNAVAILABLE");
  if (error instanceof BusUnavailable || error instanceof BusFull) return new Problem("BUS_UNAVAILABLE");
  if (error instanceof IdentityUnavailable) return new Problem("IDENTITY_UNAVAILABLE");
  return undefined;
}

const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: "REQUEST_INVALID",
  413: "REQUEST_TOO_LARGE",
  415: "MEDIA_TYPE_UNSUPPORTED",
};

/** Broken JSON, a body too large, a content type that nobody parses: fastify has its own words for these. */
function refusedByFramework(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !("statusCode" in error) || typeof error.statusCode !== "number") return undefined;
  const code = BY_STATUS[error.statusCode];
  return code === undefined ? undefined : new Problem(code, error.message);
}

const bookError = ({ line, path, says }: PriceBookError["problems"][number]) => ({
  where: path === "" ? `line ${line}` : `line ${line}, ${path}`,
  says,
});
