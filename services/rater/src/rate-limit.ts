import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";
import { Problem } from "./problems.ts";

/**
 * So many requests a minute for each caller, so that one dashboard too many slows down nobody but whoever opened it.
 * Counted after the caller is known: a project behind one address with others does not pay for them. Each process counts
 * for itself.
 */
export async function useRateLimit(app: FastifyInstance, requestsPerMinute: number): Promise<void> {
  await app.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: 60_000,
    hook: "preHandler",
    cache: CALLERS_MAX,
    keyGenerator: ({ access, ip }) => access?.caller.id ?? access?.caller.name ?? ip,
    allowList: ({ routeOptions }) => routeOptions.config.admits === "public",
    errorResponseBuilder: () => new Problem("RATE_LIMITED"),
  });
}

const CALLERS_MAX = 10_000;
