import { canonicalName, narrowed } from "@raingauge/domain";
import type { SampleStore } from "@raingauge/store";
import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import { PageQuery, page, pageOf } from "../paging.ts";
import { type Calendar, MomentText, PeriodText, periodOf } from "../period-query.ts";
import type { Routes } from "../schema.ts";
import { SampleView, sampleKey, viewSample } from "../views/sample.ts";

interface Collaborators {
  readonly store: Pick<SampleStore, "series">;
  readonly calendar: Calendar;
}

/** GET /v1/samples answers "what was read". */
export const sampleRoutes: Routes<Collaborators> = async (app, { store, calendar }) => {
  const schema = {
    summary: "The readings of a meter that decide a period: those inside, and those that say what holds at its edges",
    querystring: z.object({
      meter: z.string(),
      period: PeriodText,
      project: z.string().optional(),
      region: z.string().optional(),
      resource: z.string().optional(),
      asOf: MomentText.optional().describe("Only what was stored up to this instant, e.g. an invoice's watermark."),
      ...PageQuery,
    }),
    response: { 200: pageOf(SampleView) },
  };

  app.get("/v1/samples", { schema, config: { admits: ANYBODY } }, async (request) => {
    const { meter, period, project, region, resource, asOf } = request.query;
    const query = {
      meter: canonicalName(meter),
      period: periodOf(period, calendar),
      ...(region === undefined ? {} : { region }),
      ...(resource === undefined ? {} : { resource }),
      ...(asOf === undefined ? {} : { asOf }),
    };
    const found = await store.series(query, narrowed(scopeOf(request), project === undefined ? undefined : [project]));
    const { items, ...next } = page(found, sampleKey, request.query);
    return { items: items.map(viewSample), ...next };
  });
};
