import { decimal, formatMinor, fromMinor, iso, minorDigits, spending } from "@raingauge/domain";
import { viewInvoice } from "@raingauge/wire";
import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import { unpricedObstacles } from "../checks.ts";
import { type Drafted, isDrafted } from "../draft.ts";
import { type DraftSources, liveBill } from "../drafts.ts";
import { monthName } from "../months.ts";
import { reasonOf } from "../obstacle.ts";
import { type Calendar, MonthText, periodOf } from "../period-query.ts";
import { Problem } from "../problems.ts";
import type { Routes } from "../schema.ts";
import { InvoiceView } from "../views/invoice.ts";

interface Collaborators extends DraftSources {
  readonly calendar: Calendar;
  /** The name of the price book. */
  readonly book: string;
}

const DraftView = z.object({
  month: z.string(),
  asOf: z.string(),
  spent: z.string().describe("Net, so far."),
  forecast: z
    .string()
    .optional()
    .describe("Net at the month's end, as much again for the time that is left; left out in its first day."),
  wouldHold: z.array(z.string()).readonly().describe("What would keep it from being issued as it is now."),
  document: InvoiceView.describe("As it would be issued now."),
});

/** What a whole account owes so far: for who may see all of its projects, as its invoices are. */
export const accountDraftRoutes: Routes<Collaborators> = async (app, { store, ledger, calendar, book }) => {
  const schema = {
    summary: "What an account's month comes to so far and by its end, as the invoice that it would be now",
    params: z.object({ account: z.string().min(1).max(100) }),
    querystring: z.object({ period: MonthText }),
    response: { 200: DraftView },
  };
  app.get("/v1/accounts/:account/draft", { schema, config: { admits: ANYBODY } }, async (request) => {
    const terms = { period: periodOf(request.query.period, calendar), zone: calendar.zone, book };
    const drafted = await liveBill({ store, ledger }, terms, request.params.account, scopeOf(request));
    if (drafted === undefined || !isDrafted(drafted)) throw new Problem("NOT_FOUND");
    return viewDraft(drafted, calendar);
  });
};

function viewDraft({ draft, obstacles, unpriced, givesAway }: Drafted, { clock }: Calendar): z.input<typeof DraftView> {
  const { invoice } = draft;
  const { currency, net, period, zone } = invoice;
  const now = clock();
  const { forecast } = spending(fromMinor(net, currency), period, now);
  const holding = [...obstacles, ...(givesAway ? [] : unpricedObstacles(unpriced))];
  return {
    month: monthName(period, zone) ?? "",
    asOf: iso(now),
    spent: formatMinor(net, currency),
    ...(forecast === undefined ? {} : { forecast: decimal(forecast, minorDigits(currency)) }),
    wouldHold: holding.map(reasonOf),
    document: viewInvoice(invoice),
  };
}
