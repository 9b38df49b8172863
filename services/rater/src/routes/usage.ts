import { canonicalName, type Instant, iso, narrowed } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import type { SampleStore } from "@raingauge/store";
import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import { BucketQuery, buckets } from "../buckets.ts";
import { GroupText, GroupView, groupKey } from "../grouping.ts";
import { decoded, PageQuery, page, pageAsItComes, pageOf, sortQuery } from "../paging.ts";
import { type Calendar, PeriodText, periodOf } from "../period-query.ts";
import type { Routes } from "../schema.ts";
import { usageGroups } from "../usage-groups.ts";
import { UsageView, usageKey, viewUsage } from "../views/usage.ts";

interface Collaborators {
  readonly store: Pick<SampleStore, "measure" | "totals" | "resources" | "projects">;
  readonly ledger: Pick<Ledger, "accounts" | "placements">;
  readonly calendar: Calendar;
}

/** GET /v1/usage answers "how much, and how do you know". */
export const usageRoutes: Routes<Collaborators> = async (app, { store, ledger, calendar }) => {
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
      ...sortQuery("quantity"),
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
    const { cursor, sort } = request.query;
    if (group === undefined && bucket === undefined) {
      const { items, ...next } = page(await store.measure(query, scope), usageKey, request.query, {
        quantity: (usage) => usage.quantity,
      });
      return { items: items.map(viewUsage), ...next };
    }
    const parts = bucket === undefined ? [period] : buckets(period, bucket, zone);
    const isCut = bucket !== undefined;
    const asked = { ...query, group: group ?? [], isCut, scope };
    if (sort === undefined) {
      const ahead = parts.filter(({ start }) => !isCut || mayFollow(cursor, start));
      return pageAsItComes(usageGroups({ store, ledger }, { ...asked, parts: ahead }), groupKey, request.query);
    }
    const groups = await Array.fromAsync(usageGroups({ store, ledger }, { ...asked, parts }));
    return page(groups, groupKey, request.query, { quantity: ({ quantity }) => BigInt(quantity) });
  });
};

/** What lies before the cursor's bucket was shown on an earlier page. */
const mayFollow = (cursor: string | undefined, start: Instant): boolean =>
  cursor === undefined || iso(start) >= (/^\["([^"]*)"/.exec(decoded(cursor))?.[1] ?? "");
