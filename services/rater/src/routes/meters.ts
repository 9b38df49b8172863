import { allMeters, decimal, type Meter } from "@raingauge/domain";
import { z } from "zod";
import { ANYBODY } from "../access.ts";
import { PageQuery, page, pageOf, sortQuery } from "../paging.ts";
import type { Routes } from "../schema.ts";

const MeterView = z.object({
  name: z.string(),
  kind: z.enum(["gauge", "delta", "cumulative"]),
  unit: z.string().describe("The integer base unit in which it is stored and measured."),
  shown: z.object({
    unit: z.string().describe("The unit in which people read it, which is Ceilometer's."),
    factor: z.string().describe("How many base units are one of it. Exact decimal digits."),
  }),
  resourceType: z.string(),
  existence: z.boolean().describe("Whether it says that the resource was there."),
  dimensions: z.array(z.string()).readonly().describe("What a price may name."),
  isPriceable: z.boolean().describe("Whether a price may name it. What is only there to be looked at is free."),
  silenceSeconds: z.number().int().describe("A measured gauge's longest silence that still means: nothing changed."),
  sources: z
    .array(z.object({ by: z.string(), from: z.string() }))
    .readonly()
    .describe("Who says it, whether or not that source runs here."),
  aliases: z.array(z.string()).readonly().describe("Other names that are accepted for it, and never stored."),
});

/** GET /v1/meters answers "what is measured here". */
export const meterRoutes: Routes<object> = async (app) => {
  const schema = {
    summary: "What is measured",
    querystring: z.object({ ...sortQuery("resourceType", "kind"), ...PageQuery }),
    response: { 200: pageOf(MeterView) },
  };

  app.get("/v1/meters", { schema, config: { admits: ANYBODY } }, async (request) =>
    page(allMeters().map(viewMeter), ({ name }) => name, request.query, {
      resourceType: ({ resourceType }) => resourceType,
      kind: ({ kind }) => kind,
    }),
  );
};

const viewMeter = ({ shown, ...meter }: Meter): z.input<typeof MeterView> => ({
  ...meter,
  shown: { unit: shown.unit, factor: decimal(shown.factor, FACTOR_PLACES) },
});

const FACTOR_PLACES = 12;
