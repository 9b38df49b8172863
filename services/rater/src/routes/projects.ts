import type { SampleStore } from "@raingauge/store";
import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import { PageQuery, page, pageOf } from "../paging.ts";
import { type Calendar, PeriodText, periodOf } from "../period-query.ts";
import type { Routes } from "../schema.ts";

interface Collaborators {
  readonly store: Pick<SampleStore, "projects">;
  readonly calendar: Calendar;
}

/** GET /v1/projects answers "who used anything". */
export const projectRoutes: Routes<Collaborators> = async (app, { store, calendar }) => {
  const schema = {
    summary: "The projects with usage or readings in a period",
    querystring: z.object({ period: PeriodText, ...PageQuery }),
    response: { 200: pageOf(z.object({ id: z.string() })) },
  };

  app.get("/v1/projects", { schema, config: { admits: ANYBODY } }, async (request) => {
    const found = await store.projects(periodOf(request.query.period, calendar), scopeOf(request));
    return page(
      found.map((id) => ({ id })),
      ({ id }) => id,
      request.query,
    );
  });
};
