import type { FastifyInstance } from "fastify";
import { ANYBODY } from "../access.ts";
import { v1 } from "./answer.ts";
import { bindV1 } from "./binding.ts";
import { Fault } from "./fault.ts";
import type { MetricsFile, RatedMetric } from "./metrics-file.ts";

/** What is rated. */
export function infoRoutes(
  app: FastifyInstance,
  { metrics, config }: Pick<MetricsFile, "metrics" | "config">,
  base: string,
): void {
  v1(app, "GET", `${base}/info/config`, ANYBODY, async (request) => {
    bindV1(request, []);
    return config;
  });
  // "services" is what they were called before.
  for (const name of ["metrics", "services"]) {
    v1(app, "GET", `${base}/info/${name}`, ANYBODY, async (request) => {
      bindV1(request, []);
      return { metrics: metrics.map(viewMetric) };
    });
    v1(app, "GET", `${base}/info/${name}/:metric_name`, ANYBODY, async (request) => {
      const wanted = bindV1(request, ["metric_name"]).needed("metric_name");
      const metric = metrics.find(({ type }) => type === wanted);
      if (metric === undefined) throw new Fault(404, wanted);
      return viewMetric(metric);
    });
  }
}

const viewMetric = ({ type, metadata, unit }: RatedMetric) => ({ metric_id: type, metadata, unit });
