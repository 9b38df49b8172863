import { invoicePage } from "@raingauge/documents";
import type { Ledger } from "@raingauge/ledger";
import { viewIssued } from "@raingauge/wire";
import accepts from "accepts";
import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import { sendPage } from "../html-reply.ts";
import { pageOfInvoices } from "../invoice-pages.ts";
import { PageQuery, pageOf, sortQuery } from "../paging.ts";
import { type Calendar, PeriodText, periodOf } from "../period-query.ts";
import { Problem } from "../problems.ts";
import type { Routes } from "../schema.ts";
import { IssuedInvoiceView } from "../views/invoice.ts";

interface Collaborators {
  readonly ledger: Pick<Ledger, "invoices" | "invoice">;
  readonly calendar: Calendar;
}

const PAGE_SUFFIX = ".html";

export const invoiceRoutes: Routes<Collaborators> = async (app, { ledger, calendar }) => {
  const list = {
    summary: "The issued invoices, in the order of their issue",
    description:
      "By `issuedAt`, or `-issuedAt` for the newest first, by account or by total, whatever the currency; of those that are alike what was issued first comes first, or last with a minus sign. No more is read than is shown.",
    querystring: z.object({
      period: PeriodText,
      project: z.string().optional(),
      account: z.string().optional(),
      ...sortQuery("issuedAt", "total", "account"),
      ...PageQuery,
    }),
    response: { 200: pageOf(IssuedInvoiceView) },
  };
  app.get("/v1/invoices", { schema: list, config: { admits: ANYBODY } }, async (request) => {
    const { period, project, account, sort = "issuedAt" } = request.query;
    const query = {
      ...(period === undefined ? {} : { period: periodOf(period, calendar) }),
      ...(project === undefined ? {} : { project }),
      ...(account === undefined ? {} : { account }),
    };
    const order = { by: ORDERS[sort], newestFirst: sort.startsWith("-") };
    const shown = await pageOfInvoices(ledger, { ...query, ...order }, scopeOf(request), request.query);
    return { ...shown, items: shown.items.map(viewIssued) };
  });

  const one = {
    summary: "One invoice, as JSON, as a page, or in whichever form is accepted",
    description:
      "`Accept` decides: `application/json`, `text/html`, `application/pdf`, `application/xml` (UBL), `text/csv` (its lines) or a spreadsheet; a number that ends in .html is a page. What is a file is found under `/documents`, where the answer leads to. Where nothing of this is accepted, the answer is 406.",
    params: z.object({ number: z.string() }),
    produces: ["application/json", "text/html"],
    response: {
      200: z.union([IssuedInvoiceView, z.string()]),
      303: z.null().describe("To the document in the form that is accepted."),
    },
  };
  app.get("/v1/invoices/:number", { schema: one, config: { admits: ANYBODY } }, async (request, reply) => {
    const { number } = request.params;
    const asPage = number.endsWith(PAGE_SUFFIX);
    const issued = await ledger.invoice(asPage ? number.slice(0, -PAGE_SUFFIX.length) : number, scopeOf(request));
    if (issued === undefined) throw new Problem("NOT_FOUND");
    if (asPage) return sendPage(reply, invoicePage(issued));
    const wanted = accepts(request.raw).type(Object.keys(FORMS));
    if (typeof wanted !== "string") throw new Problem("NOT_ACCEPTABLE");
    const form = FORMS[wanted] ?? "json";
    if (form === "json") return viewIssued(issued);
    if (form === "html") return sendPage(reply, invoicePage(issued));
    return reply.redirect(`/v1/invoices/${encodeURIComponent(issued.number)}/documents/${form}`, 303);
  });
};

const ORDERS = {
  issuedAt: "issue",
  "-issuedAt": "issue",
  account: "account",
  "-account": "account",
  total: "total",
  "-total": "total",
} as const;

/** In which form an invoice is sent to whom; the first where all are as welcome. */
const FORMS: Readonly<Record<string, "json" | "html" | "pdf" | "ubl" | "lines" | "xlsx">> = {
  "application/json": "json",
  "text/html": "html",
  "application/pdf": "pdf",
  "application/xml": "ubl",
  "text/csv": "lines",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
};
