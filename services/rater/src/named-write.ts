import { hash } from "node:crypto";
import type { Ledger, NamedWrite } from "@raingauge/ledger";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { Problem } from "./problems.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Its answer holds what is shown once, so it is not kept to be shown again. */
    readonly answersSecret?: boolean;
  }
  interface FastifyRequest {
    /** Set while this request does what its `Idempotency-Key` names. */
    namedWrite: NamedWrite | undefined;
  }
}

/** What such a write is called in the description of the API; looked at by the hook below, for every route. */
export const NamedWriteHeaders = z.looseObject({
  "idempotency-key": z
    .string()
    .optional()
    .describe("Any word made anew for each thing to be done: sent again under it, the same is not done twice."),
});

/** Any word that a caller makes anew for each thing to be done. */
const FITTING = /^[\x21-\x7e]{1,200}$/;

/**
 * A write with an `Idempotency-Key` is done once: who sends it again, because the answer was lost on the way, gets the
 * answer that there was. What failed on our side was not done, and may be sent again under the same key.
 */
export function useNamedWrites(app: FastifyInstance, ledger: Pick<Ledger, "beginWrite" | "finishWrite">): void {
  app.decorateRequest("namedWrite", undefined);
  app.addHook("preHandler", async (request, reply) => {
    const write = nameOf(request);
    if (write === undefined) return;
    const known = await ledger.beginWrite(write);
    if (known === "in progress") throw new Problem("WRITE_IN_PROGRESS");
    if (known === "other") throw new Problem("IDEMPOTENCY_KEY_REUSED");
    if (known === "begun") {
      request.namedWrite = write;
      return;
    }
    await reply
      .code(known.status)
      .header("idempotency-replayed", "true")
      .header("content-type", known.contentType)
      .serializer(String)
      .send(known.body);
  });
  app.addHook("onSend", async (request, reply, payload) => {
    const { namedWrite: write } = request;
    if (write === undefined) return payload;
    request.namedWrite = undefined;
    const isKept = reply.statusCode < 500 && typeof payload === "string";
    const contentType = String(reply.getHeader("content-type") ?? "application/json");
    await ledger.finishWrite(write, isKept ? { status: reply.statusCode, contentType, body: payload } : undefined);
    return payload;
  });
}

function nameOf({ headers, method, url, body, access, routeOptions }: FastifyRequest): NamedWrite | undefined {
  const key = headers["idempotency-key"];
  const { answersSecret, onlyReads } = routeOptions.config;
  if (key === undefined || access === undefined || method === "GET" || method === "HEAD") return undefined;
  if (answersSecret === true || onlyReads === true) return undefined;
  if (typeof key !== "string" || !FITTING.test(key))
    throw new Problem("REQUEST_INVALID", "", [
      { where: "headers.idempotency-key", says: "not 1 to 200 visible letters" },
    ]);
  const digest = hash("sha256", JSON.stringify([method, url, body ?? null]), "hex");
  return { caller: access.caller.id ?? access.caller.name, key, digest };
}
