import type { Log } from "@raingauge/runtime";
import type { FastifyInstance } from "fastify";
import type { RaterMetrics } from "./metrics.ts";

/**
 * Counts every answer, and writes down who changed what, or looked at what is not theirs: the path without its query, never
 * a header, never a body, so that no secret gets there.
 */
export function useAudit(
  app: FastifyInstance,
  { log, metrics }: { readonly log: Log; readonly metrics: RaterMetrics },
): void {
  app.addHook("onResponse", async (request, reply) => {
    const { method, url, routeOptions, access } = request;
    const status = reply.statusCode;
    metrics.requestsAnswered.add(1, { method, route: routeOptions.url ?? "none", status: String(status) });
    if (isRead(method) && routeOptions.config.audited !== true) return;
    const path = url.split("?")[0];
    log.info("request audited", {
      request: request.id,
      caller: access?.caller.name,
      user: access?.caller.id,
      role: access?.caller.role,
      method,
      path,
      status,
      from: request.ip,
    });
  });
}

const isRead = (method: string): boolean => method === "GET" || method === "HEAD";
