import { hash } from "node:crypto";
import type { FastifyInstance } from "fastify";

/** Answers to GET carry a digest of themselves, so that who has them already is told so instead of being sent them again. */
export function useEtags(app: FastifyInstance): void {
  app.addHook("onSend", async (request, reply, payload) => {
    reply.header("x-content-type-options", "nosniff");
    // Kept by nobody but the caller, and never used again without asking: an answer depends on the token.
    reply.header("cache-control", "private, no-cache");
    if (request.method !== "GET" || reply.statusCode !== 200 || typeof payload !== "string") return payload;
    const etag = `"${hash("sha256", payload, "hex").slice(0, 32)}"`;
    reply.header("etag", etag);
    reply.header("vary", "accept, accept-encoding, authorization, x-auth-token, x-service-token");
    if (request.headers["if-none-match"] !== etag) return payload;
    reply.code(304);
    return "";
  });
}
