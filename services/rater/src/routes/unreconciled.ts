import { iso } from "@raingauge/domain";
import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import { PageQuery, page, pageOf } from "../paging.ts";
import { type Calendar, PeriodText, periodOf } from "../period-query.ts";
import type { Routes } from "../schema.ts";
import { type ReconciliationSources, unreconciled } from "../unreconciled.ts";

interface Collaborators extends ReconciliationSources {
  readonly calendar: Calendar;
}

const UnreconciledView = z.object({
  region: z.string(),
  project: z.string(),
  type: z.string(),
  resource: z.string(),
  until: z.string().describe("To when it is billed; inferred."),
  why: z
    .enum(["gone", "unwatched"])
    .describe("Gone from a complete sweep or poll without a word; or nobody has looked since, and it may be there."),
});

/** GET /v1/unreconciled answers "what ended and nobody told of". */
export const unreconciledRoutes: Routes<Collaborators> = async (app, { store, calendar }) => {
  const schema = {
    summary: "The resources whose end in a period is inferred, since neither a notification nor an API told of it",
    querystring: z.object({ period: PeriodText, ...PageQuery }),
    response: { 200: pageOf(UnreconciledView) },
  };

  app.get("/v1/unreconciled", { schema, config: { admits: ANYBODY } }, async (request) => {
    const period = periodOf(request.query.period, calendar);
    const found = await unreconciled({ store }, period, calendar.clock(), scopeOf(request));
    return page(
      found.map(({ until, ...rest }) => ({ ...rest, until: iso(until) })),
      ({ region, type, resource }) => JSON.stringify([region, type, resource]),
      request.query,
    );
  });
};
