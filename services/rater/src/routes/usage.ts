import { canonicalName, type Instant, iso, narrowed, type Period, type Scope } from "@raingauge/domain";
import type { SampleStore, UsageQuery } from "@raingauge/store";
import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import { BucketQuery, buckets } from "../buckets.ts";
import { GroupText, GroupView, grouped, groupKey } from "../grouping.ts";
import { decoded, PageQuery, page, pageAsItComes, pageOf } from "../paging.ts";
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
      ...BucketQuery,
      ...PageQuery,
    }),
    response: { 200: z.union([pageOf(UsageView), pageOf(GroupView)]) },
  };

  app.get("/v1/usage", { schema, config: { admits: ANYBODY } }, async (request) => {
    const { period: text, project, meter, region, resource, group, bucket, zone = calendar.zone } = request.query;
    const period = periodOf(text, calendar);
    const query = {
      period,
      ...(meter === undefined ? {} : { meters: [canonicalName(meter)] }),
      ...(region === undefined ? {} : { region }),
      ...(resource === undefined ? {} : { resource }),
    };
    const scope = narrowed(scopeOf(request), project === undefined ? undefined : [project]);
    if (bucket !== undefined) {
      const parts = buckets(period, bucket, zone).filter(({ start }) => mayFollow(request.query.cursor, start));
      return pageAsItComes(groupsOf(store, { ...query, parts, scope, group: group ?? [] }), groupKey, request.query);
    }
    const usages = await store.measure(query, scope);
    if (group !== undefined) return page(grouped(usages, group), groupKey, request.query);
    const { items, ...next } = page(usages, usageKey, request.query);
    return { items: items.map(viewUsage), ...next };
  });
};

interface Parts extends Omit<UsageQuery, "period"> {
  readonly parts: readonly Period[];
  readonly scope: Scope;
  readonly group: readonly string[];
}

/** Bucket by bucket, each measured only when the page gets there. */
async function* groupsOf(store: Pick<SampleStore, "measure">, { parts, scope, group, ...query }: Parts) {
  for (const period of parts) {
    const view = { start: iso(period.start), end: iso(period.end) };
    const groups = grouped(await store.measure({ ...query, period }, scope), group);
    yield* groups.map((each) => ({ period: view, ...each })).toSorted((a, b) => (groupKey(a) < groupKey(b) ? -1 : 1));
  }
}

/** What lies before the cursor's bucket was shown on an earlier page. */
const mayFollow = (cursor: string | undefined, start: Instant): boolean =>
  cursor === undefined || iso(start) >= (/^\["([^"]*)"/.exec(decoded(cursor))?.[1] ?? "");
