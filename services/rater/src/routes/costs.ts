import { type Instant, narrowed } from "@raingauge/domain";
import { viewInvoice } from "@raingauge/wire";
import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import type { Drafted } from "../draft.ts";
import { type DraftSources, liveCosts } from "../drafts.ts";
import { monthName } from "../months.ts";
import { PageQuery, page, pageOf, sortQuery } from "../paging.ts";
import { type Calendar, MonthText, periodOf } from "../period-query.ts";
import type { Routes } from "../schema.ts";
import { InvoiceView } from "../views/invoice.ts";
import { UsageView, viewUsage } from "../views/usage.ts";

interface Collaborators extends DraftSources {
  readonly calendar: Calendar;
  /** The name of the price book. */
  readonly book: string;
}

const CostView = InvoiceView.extend({
  project: z.string(),
  month: z.string(),
  estimate: z
    .array(z.enum(["month", "account"]))
    .readonly()
    .describe(
      "Why the invoice may say something else: the month is not over, or its account shares tiers, an allowance or a discount. Empty where it is what will be billed of it.",
    ),
  unpriced: z.array(UsageView).readonly().describe("Used, and no price says what it costs. It would hold the invoice."),
});

/**
 * GET /v1/costs answers "what does it cost so far". Whole months only: a tier is filled over a month, and a part of one would
 * start it anew.
 */
export const costRoutes: Routes<Collaborators> = async (app, { store, ledger, calendar, book }) => {
  const schema = {
    summary:
      "What a month costs so far, project by project, on the terms of its account: as it would be billed now by itself",
    querystring: z.object({
      period: MonthText.optional(),
      project: z.string().optional(),
      ...sortQuery("net"),
      ...PageQuery,
    }),
    response: { 200: pageOf(CostView) },
  };

  app.get("/v1/costs", { schema, config: { admits: ANYBODY } }, async (request) => {
    const { period: month, project } = request.query;
    const period = periodOf(month, calendar);
    const scope = narrowed(scopeOf(request), project === undefined ? undefined : [project]);
    const drafts = await liveCosts({ store, ledger }, { period, zone: calendar.zone, book }, scope);
    const { items, ...next } = page(drafts, (drafted) => drafted.project, request.query, {
      net: ({ draft }) => draft.invoice.net,
    });
    return {
      items: items.map((each) => ({
        project: each.project,
        month: monthName(period, calendar.zone) ?? "",
        estimate: estimateOf(each, calendar.clock()),
        ...viewInvoice(each.draft.invoice),
        unpriced: each.unpriced.map(viewUsage),
      })),
      ...next,
    };
  });
};

const estimateOf = ({ draft, isEstimate }: Drafted, now: Instant): ("month" | "account")[] => [
  ...(draft.invoice.period.end > now ? (["month"] as const) : []),
  ...(isEstimate === true ? (["account"] as const) : []),
];
