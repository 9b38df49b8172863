import { languageOf } from "@raingauge/documents";
import { CHECKS, EVERYTHING, formatMinor, type IssuedHead, iso } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { z } from "zod";
import { MONEY } from "../access.ts";
import { type Closed, type ClosingSources, closePeriod } from "../close.ts";
import { monthNamed } from "../months.ts";
import { PageQuery, page, pageOf } from "../paging.ts";
import { type Calendar, MonthText, PeriodText, periodOf } from "../period-query.ts";
import type { Routes } from "../schema.ts";
import { ObstacleView, viewObstacle } from "../views/obstacle.ts";

interface Collaborators extends ClosingSources {
  readonly ledger: ClosingSources["ledger"] & Pick<Ledger, "heads">;
  readonly calendar: Calendar;
  readonly book: string;
}

const ClosedView = z.object({
  account: z.string(),
  outcome: z.enum(["issued", "already issued", "held", "nothing to charge"]),
  number: z.string().optional(),
  total: z.string().optional(),
  currency: z.string().optional(),
  reasons: z
    .array(z.string())
    .readonly()
    .optional()
    .describe("Why it is held, for operators: with the names of hosts."),
  obstacles: z
    .array(ObstacleView)
    .readonly()
    .optional()
    .describe("The same for programs, and in the account's language."),
});

/** POST /v1/closings closes a month: an invoice for every account with usage. Doing it again changes nothing. */
export const closingRoutes: Routes<Collaborators> = async (app, { store, ledger, calendar, book }) => {
  const schema = {
    summary: "Closes a month: issues the invoice of every account with usage",
    body: z
      .strictObject({
        period: MonthText,
        allowUnpriced: z
          .boolean()
          .default(false)
          .describe("Issue although some usage has no price; it is then given away."),
        waive: z
          .array(z.enum(CHECKS))
          .max(CHECKS.length)
          .default([])
          .describe(
            "Issue although these checks would hold it; each that did is written on the document, with who and why.",
          ),
        reason: z.string().min(1).max(500).optional().describe("Why they are waived; asked for where any is."),
        accounts: z.array(z.string()).max(10_000).optional().describe("Only these; all when left out."),
      })
      .refine(({ waive, reason }) => waive.length === 0 || reason !== undefined, {
        message: "says no reason for what it waives",
        path: ["reason"],
      }),
    response: { 200: z.object({ period: z.string(), accounts: z.array(ClosedView).readonly() }) },
  };

  app.post("/v1/closings", { schema, config: { admits: MONEY } }, async (request) => {
    const { period: month, allowUnpriced, waive, reason = "", accounts } = request.body;
    const by = request.access?.caller.name ?? "";
    const terms = {
      period: monthNamed(month, calendar.zone),
      zone: calendar.zone,
      book,
      allowUnpriced,
      waiving: { checks: waive, by, reason },
      ...(accounts === undefined ? {} : { accounts }),
    };
    const closed = await closePeriod({ store, ledger }, terms, calendar.clock());
    return { period: month, accounts: closed.map(viewClosed) };
  });

  const waivers = {
    summary: "What was issued although a check would have held it, with who let it pass and why",
    querystring: z.object({ period: PeriodText, ...PageQuery }),
    response: { 200: pageOf(WaiverView) },
  };
  app.get("/v1/waivers", { schema: waivers, config: { admits: MONEY } }, async (request) => {
    const { period } = request.query;
    const documents = await ledger.heads(
      period === undefined ? {} : { period: periodOf(period, calendar) },
      EVERYTHING,
    );
    const { items, ...next } = page(waiversOf(documents), ({ key }) => key, request.query);
    return { items: items.map(({ key: _, ...waiver }) => waiver), ...next };
  });
};

const WaiverView = z.object({
  number: z.string(),
  account: z.string(),
  issuedAt: z.string(),
  check: z.enum(CHECKS),
  says: z.string(),
  by: z.string().describe("Who let it pass."),
  reason: z.string(),
});

/** What was issued although a check would have held it, as the documents themselves say. */
function waiversOf(documents: readonly IssuedHead[]): (z.input<typeof WaiverView> & { readonly key: string })[] {
  return documents.flatMap(({ number, issuedAt, invoice, pins: { waived = [] } }) =>
    waived.map((waiver, index) => ({
      key: JSON.stringify([number, index]),
      number,
      account: invoice.account.id,
      issuedAt: iso(issuedAt),
      ...waiver,
    })),
  );
}

function viewClosed(closed: Closed): z.input<typeof ClosedView> {
  switch (closed.outcome) {
    case "issued":
    case "already issued": {
      const { number, invoice } = closed.invoice;
      const { currency, total } = invoice;
      return {
        account: closed.account,
        outcome: closed.outcome,
        number,
        total: formatMinor(total, currency),
        currency,
      };
    }
    case "held": {
      const { account, outcome, reasons, obstacles, locale } = closed;
      return {
        account,
        outcome,
        reasons,
        obstacles: obstacles.map((each) => viewObstacle(each, languageOf(locale))),
      };
    }
    case "nothing to charge":
      return closed;
  }
}
