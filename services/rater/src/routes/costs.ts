import { narrowed } from "@raingauge/domain";
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
      items: items.map((each) => viewCost(each, each.project, monthName(period, calendar.zone) ?? "")),
      ...next,
    };
  });
};

const viewCost = ({ draft, unpriced }: Drafted, project: string, month: string) => ({
  project,
  month,
  ...viewInvoice(draft.invoice),
  unpriced: unpriced.map(viewUsage),
});
