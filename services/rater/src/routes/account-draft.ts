import { type DraftInvoice, draftPage, heldSentence, languageOf, type Press } from "@raingauge/documents";
import { decimal, formatMinor, fromMinor, iso, minorDigits, spending, toMinor } from "@raingauge/domain";
import { viewInvoice } from "@raingauge/wire";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import { unpricedObstacles } from "../checks.ts";
import { type Drafted, isDrafted, type Undrafted } from "../draft.ts";
import { type IssuableSources, liveBill } from "../drafts.ts";
import { eInvoiceObstacles } from "../electronic.ts";
import { sendPage } from "../html-reply.ts";
import { monthName } from "../months.ts";
import type { Obstacle } from "../obstacle.ts";
import { type Calendar, MonthText, periodOf } from "../period-query.ts";
import { Problem } from "../problems.ts";
import type { Routes } from "../schema.ts";
import { InvoiceView } from "../views/invoice.ts";
import { ObstacleView, viewObstacle } from "../views/obstacle.ts";

interface Collaborators extends IssuableSources {
  readonly calendar: Calendar;
  /** The name of the price book. */
  readonly book: string;
  readonly printing: Press;
}

const DraftView = z.object({
  month: z.string(),
  asOf: z.string(),
  spent: z.string().describe("Net, so far."),
  forecast: z
    .string()
    .optional()
    .describe("Net at the month's end, as much again for the time that is left; left out in its first day."),
  wouldHold: z
    .array(z.string())
    .readonly()
    .describe("What would keep it from being issued as it is now, in the account's language."),
  obstacles: z.array(ObstacleView).readonly().describe("The same for programs."),
  document: InvoiceView.describe("As it would be issued now."),
});

/** What a whole account owes so far: for who may see all of its projects, as its invoices are. */
export const accountDraftRoutes: Routes<Collaborators> = async (app, { store, ledger, calendar, book, printing }) => {
  const draftOf = async (request: FastifyRequest, account: string, month: string | undefined): Promise<Drafted> => {
    const terms = { period: periodOf(month, calendar), zone: calendar.zone, book };
    const drafted = await liveBill({ store, ledger }, terms, {
      account,
      scope: scopeOf(request),
      now: calendar.clock(),
    });
    if (drafted === undefined) throw new Problem("NOT_FOUND");
    if (!isDrafted(drafted)) throw undrawn(drafted);
    return drafted;
  };

  const schema = {
    summary: "What an account's month comes to so far and by its end, as the invoice that it would be now",
    params: z.object({ account: Account }),
    querystring: z.object({ period: MonthText }),
    response: { 200: DraftView },
  };
  app.get("/v1/accounts/:account/draft", { schema, config: { admits: ANYBODY } }, async (request) =>
    viewDraft(await draftOf(request, request.params.account, request.query.period), calendar),
  );

  const file = {
    summary: "The same as a page, or as a PDF: as the invoice would look, and saying that it is none",
    params: z.object({ account: Account, form: z.enum(["html", "pdf"]) }),
    querystring: z.object({ period: MonthText }),
    produces: ["text/html", "application/pdf"],
    response: { 200: z.unknown() },
  };
  app.get(
    "/v1/accounts/:account/draft/documents/:form",
    { schema: file, config: { admits: ANYBODY } },
    async (request, reply) => {
      const { account, form } = request.params;
      const document = paperOf(await draftOf(request, account, request.query.period), calendar);
      if (form === "html") return sendPage(reply, draftPage(document));
      const name = `draft-${account.replace(/[^0-9A-Za-z._-]+/g, "_")}.pdf`;
      return reply
        .header("content-type", "application/pdf")
        .header("content-disposition", `attachment; filename="${name}"`)
        .send(await printing.print(document));
    },
  );
};

/** There is an account, and it cannot even be said what it owes. */
function undrawn({ locale, obstacles }: Undrafted): Problem {
  const isMissing = obstacles.some(({ code }) => code === "book-missing");
  const says = obstacles.map((each) => heldSentence(each, languageOf(locale)));
  return new Problem(isMissing ? "PRICE_BOOK_MISSING" : "CONFLICT", says.join("; "));
}

const Account = z.string().min(1).max(100);

function paperOf(drafted: Drafted, { clock }: Calendar): DraftInvoice {
  const { invoice, pins } = drafted.draft;
  const asOf = clock();
  const { forecast } = spending(fromMinor(invoice.net, invoice.currency), invoice.period, asOf);
  return {
    invoice,
    pins,
    asOf,
    ...(forecast === undefined ? {} : { forecast: toMinor(forecast, invoice.currency) }),
    wouldHold: holdingOf(drafted),
  };
}

/** What would keep it from being issued as it is now. */
const holdingOf = ({ obstacles, unpriced, givesAway, draft }: Drafted): Obstacle[] => [
  ...obstacles,
  ...(givesAway ? [] : unpricedObstacles(unpriced)),
  ...eInvoiceObstacles(draft.invoice),
];

function viewDraft(drafted: Drafted, { clock }: Calendar): z.input<typeof DraftView> {
  const { invoice } = drafted.draft;
  const { currency, net, period, zone } = invoice;
  const now = clock();
  const { forecast } = spending(fromMinor(net, currency), period, now);
  const language = languageOf(invoice.account.locale);
  const obstacles = holdingOf(drafted).map((each) => viewObstacle(each, language));
  return {
    month: monthName(period, zone) ?? "",
    asOf: iso(now),
    spent: formatMinor(net, currency),
    ...(forecast === undefined ? {} : { forecast: decimal(forecast, minorDigits(currency)) }),
    wouldHold: obstacles.map(({ says }) => says),
    obstacles,
    document: viewInvoice(invoice),
  };
}
