import { type Check, type Exposition, whyNot } from "@raingauge/runtime";
import { z } from "zod";
import type { Routes } from "../schema.ts";

interface Collaborators {
  readonly metrics: readonly Exposition[];
  /** What must hold before requests can be answered, each by the name of the part. */
  readonly ready: Readonly<Record<string, Check>>;
}

const ReadyView = z.object({ ready: z.boolean(), missing: z.record(z.string(), z.string()).readonly() });

/** For supervisors and Prometheus. Public, so nothing here names a project. */
export const healthRoutes: Routes<Collaborators> = async (app, { metrics, ready }) => {
  const alive = {
    summary: "Answers while the process can answer at all",
    response: { 200: z.object({ alive: z.literal(true) }) },
  };
  app.get("/healthz", { schema: alive, config: { admits: "public" } }, async () => ({ alive: true as const }));

  const readiness = {
    summary: "Whether requests can be answered, and if not, why",
    response: { 200: ReadyView, 503: ReadyView },
  };
  app.get("/readyz", { schema: readiness, config: { admits: "public" } }, async (_request, reply) => {
    const told = await Promise.all(
      Object.entries(ready).map(async ([part, check]) => [part, await whyNot(check)] as const),
    );
    const missing = Object.fromEntries(told.flatMap(([part, why]) => (why === undefined ? [] : [[part, why]])));
    const isReady = Object.keys(missing).length === 0;
    return reply.code(isReady ? 200 : 503).send({ ready: isReady, missing });
  });

  const exposition = {
    summary: "Counts of this process, for Prometheus",
    produces: ["text/plain"],
    response: { 200: z.string() },
  };
  app.get("/metrics", { schema: exposition, config: { admits: "public" } }, async (_request, reply) => {
    const texts = await Promise.all(metrics.map((each) => each.text()));
    return reply
      .header("content-type", "text/plain; version=0.0.4; charset=utf-8")
      .serializer((text: unknown) => String(text))
      .send(texts.join("\n"));
  });
};
