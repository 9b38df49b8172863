import { METERS } from "@raingauge/domain";
import { z } from "zod";
import { ANYBODY } from "../access.ts";
import { PageQuery, page, pageOf } from "../paging.ts";
import type { Routes } from "../schema.ts";

const MeterView = z.object({
  name: z.string(),
  kind: z.enum(["gauge", "delta", "cumulative"]),
  unit: z.string().describe("The integer base unit in which it is stored and measured."),
  resourceType: z.string(),
  existence: z.boolean().describe("Whether it says that the resource was there."),
  dimensions: z.array(z.string()).readonly().describe("What a price may name."),
  silenceSeconds: z.number().int(),
});

/** GET /v1/meters answers "what is measured here". */
export const meterRoutes: Routes<object> = async (app) => {
  const schema = {
    summary: "What is measured",
    querystring: z.object(PageQuery),
    response: { 200: pageOf(MeterView) },
  };

  app.get("/v1/meters", { schema, config: { admits: ANYBODY } }, async (request) =>
    page(METERS, ({ name }) => name, request.query),
  );
};
