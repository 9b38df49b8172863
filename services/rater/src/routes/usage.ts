import { canonicalName, narrowed } from "@raingauge/domain";
import type { SampleStore } from "@raingauge/store";
import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import { GroupText, GroupView, grouped, groupKey } from "../grouping.ts";
import { PageQuery, page, pageOf } from "../paging.ts";
import { type Calendar, PeriodText, periodOf } from "../period-query.ts";
import type { Routes } from "../schema.ts";
import { UsageView, usageKey, viewUsage } from "../views/usage.ts";

interface Collaborators {
  readonly store: Pick<SampleStore, "measure">;
  readonly calendar: Calendar;
}

/** GET /v1/usage answers "how much, and how do you know". */
export const usageRoutes: Routes<Collaborators> = async (app, { store, calendar }) => {
  const schema = {
    summary: "How much was used, with the evidence for it",
    querystring: z.object({
      period: PeriodText,
      project: z.string().optional(),
      meter: z.string().optional(),
      region: z.string().optional(),
      resource: z.string().optional(),
      group: GroupText,
      ...PageQuery,
    }),
    response: { 200: z.union([pageOf(UsageView), pageOf(GroupView)]) },
  };

  app.get("/v1/usage", { schema, config: { admits: ANYBODY } }, async (request) => {
    const { period, project, meter, region, resource, group } = request.query;
    const query = {
      period: periodOf(period, calendar),
      ...(meter === undefined ? {} : { meters: [canonicalName(meter)] }),
      ...(region === undefined ? {} : { region }),
      ...(resource === undefined ? {} : { resource }),
    };
    const usages = await store.measure(
      query,
      narrowed(scopeOf(request), project === undefined ? undefined : [project]),
    );
    if (group !== undefined) return page(grouped(usages, group), groupKey, request.query);
    const { items, ...next } = page(usages, usageKey, request.query);
    return { items: items.map(viewUsage), ...next };
  });
};
