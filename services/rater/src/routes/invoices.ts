import { invoicePage } from "@raingauge/documents";
import type { Ledger } from "@raingauge/ledger";
import { viewIssued } from "@raingauge/wire";
import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import { sendPage, wantsPage } from "../html-reply.ts";
import { PageQuery, page, pageOf, sortQuery } from "../paging.ts";
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
    summary: "The issued invoices",
    querystring: z.object({
      period: PeriodText,
      project: z.string().optional(),
      ...sortQuery("issuedAt", "total", "account"),
      ...PageQuery,
    }),
    response: { 200: pageOf(IssuedInvoiceView) },
  };
  app.get("/v1/invoices", { schema: list, config: { admits: ANYBODY } }, async (request) => {
    const { period, project } = request.query;
    const query = {
      ...(period === undefined ? {} : { period: periodOf(period, calendar) }),
      ...(project === undefined ? {} : { project }),
    };
    const found = await ledger.invoices(query, scopeOf(request));
    const { items, ...next } = page(
      found,
      ({ series, sequence }) => `${series} ${String(sequence).padStart(19, "0")}`,
      request.query,
      {
        issuedAt: (each) => each.issuedAt,
        total: ({ invoice }) => invoice.total,
        account: ({ invoice }) => invoice.account.id,
      },
    );
    return { items: items.map(viewIssued), ...next };
  });

  const one = {
    summary: "One invoice, as JSON, or as a page where `text/html` is accepted or the number ends in .html",
    params: z.object({ number: z.string() }),
    produces: ["application/json", "text/html"],
    response: { 200: z.union([IssuedInvoiceView, z.string()]) },
  };
  app.get("/v1/invoices/:number", { schema: one, config: { admits: ANYBODY } }, async (request, reply) => {
    const { number } = request.params;
    const asPage = number.endsWith(PAGE_SUFFIX);
    const issued = await ledger.invoice(asPage ? number.slice(0, -PAGE_SUFFIX.length) : number, scopeOf(request));
    if (issued === undefined) throw new Problem("NOT_FOUND");
    return asPage || wantsPage(request) ? sendPage(reply, invoicePage(issued)) : viewIssued(issued);
  });
};
