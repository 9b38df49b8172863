import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";

const FITTING = /^[A-Za-z0-9_.-]{8,128}$/;

/**
 * What a request is called in its answer, in problems and in the log: as the caller called it, so that one thread leads
 * through several services, or else as OpenStack's services call theirs.
 */
export function requestId({ headers }: IncomingMessage | { headers: IncomingMessage["headers"] }): string {
  const told = headers["x-request-id"] ?? headers["x-openstack-request-id"];
  return typeof told === "string" && FITTING.test(told) ? told : `req-${randomUUID()}`;
}

export function useRequestIds(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
    reply.header("x-openstack-request-id", request.id);
  });
}
