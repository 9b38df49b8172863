import { type AuditEntry, type Ledger, LedgerUnavailable } from "@raingauge/ledger";
import type { Log } from "@raingauge/runtime";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { RaterMetrics } from "./metrics.ts";

interface Parts {
  readonly log: Log;
  readonly metrics: RaterMetrics;
  readonly ledger: Pick<Ledger, "audit">;
}

/**
 * Counts every answer, and writes down who changed what, or looked at what is not theirs: the path without its query, never
 * a header, never a body, so that no secret gets there. It is in the ledger before the answer is sent, and in the log. A
 * ledger that is down keeps nobody from their answer: the log has it then.
 */
export function useAudit(app: FastifyInstance, { log, metrics, ledger }: Parts): void {
  app.addHook("onSend", async (request, reply, payload) => {
    // Of a caller who is not known only the log tells: anybody could fill the ledger with such.
    if (request.access === undefined || !isAudited(request)) return payload;
    try {
      await ledger.audit(entryOf(request, reply));
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      log.warn("audit entry not kept", { request: request.id, error });
    }
    return payload;
  });
  app.addHook("onResponse", async (request, reply) => {
    const { method, routeOptions } = request;
    const status = String(reply.statusCode);
    metrics.requestsAnswered.add(1, { method, route: routeOptions.url ?? "none", status });
    if (isAudited(request)) log.info("request audited", { ...entryOf(request, reply) });
  });
}

const isAudited = ({ method, routeOptions }: FastifyRequest): boolean => {
  const { audited, onlyReads, takesReadings } = routeOptions.config;
  return audited === true || !(method === "GET" || method === "HEAD" || onlyReads === true || takesReadings === true);
};

function entryOf({ id, method, url, access, ip }: FastifyRequest, { statusCode: status }: FastifyReply): AuditEntry {
  const { name: caller, id: user, role } = access?.caller ?? {};
  return {
    request: id,
    ...(caller === undefined ? {} : { caller }),
    ...(user === undefined ? {} : { user }),
    ...(role === undefined ? {} : { role }),
    method,
    path: url.split("?")[0] ?? "",
    status,
    from: ip,
  };
}
