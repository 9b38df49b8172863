import { formatMinor } from "@raingauge/domain";
import { z } from "zod";
import { MONEY } from "../access.ts";
import { type Closed, type ClosingSources, closePeriod } from "../close.ts";
import { monthNamed } from "../months.ts";
import { type Calendar, MonthText } from "../period-query.ts";
import type { Routes } from "../schema.ts";

interface Collaborators extends ClosingSources {
  readonly calendar: Calendar;
  readonly book: string;
}

const ClosedView = z.object({
  account: z.string(),
  outcome: z.enum(["issued", "already issued", "held", "nothing to charge"]),
  number: z.string().optional(),
  total: z.string().optional(),
  currency: z.string().optional(),
  reasons: z.array(z.string()).readonly().optional(),
});

/** POST /v1/closings closes a month: an invoice for every account with usage. Doing it again changes nothing. */
export const closingRoutes: Routes<Collaborators> = async (app, { store, ledger, calendar, book }) => {
  const schema = {
    summary: "Closes a month: issues the invoice of every account with usage",
    body: z.strictObject({
      period: MonthText,
      allowUnpriced: z
        .boolean()
        .default(false)
        .describe("Issue although some usage has no price; it is then given away."),
    }),
    response: { 200: z.object({ period: z.string(), accounts: z.array(ClosedView).readonly() }) },
  };

  app.post("/v1/closings", { schema, config: { admits: MONEY } }, async (request) => {
    const { period: month, allowUnpriced } = request.body;
    const terms = { period: monthNamed(month, calendar.zone), zone: calendar.zone, book, allowUnpriced };
    const closed = await closePeriod({ store, ledger }, terms, calendar.clock());
    return { period: month, accounts: closed.map(viewClosed) };
  });
};

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
    case "held":
    case "nothing to charge":
      return closed;
  }
}
