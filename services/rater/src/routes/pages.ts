import { costsPage, invoiceListPage, invoicePage, type Visitor } from "@raingauge/documents";
import type { Ledger } from "@raingauge/ledger";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import { type DraftSources, liveCosts } from "../drafts.ts";
import { sendPage } from "../html-reply.ts";
import type { Identity } from "../identity/identity.ts";
import { pageOfInvoices } from "../invoice-pages.ts";
import { monthOf } from "../months.ts";
import { PageQuery } from "../paging.ts";
import type { Calendar } from "../period-query.ts";
import { Problem } from "../problems.ts";
import type { Routes } from "../schema.ts";

interface Collaborators extends DraftSources {
  readonly ledger: DraftSources["ledger"] & Pick<Ledger, "invoices" | "invoice">;
  readonly calendar: Calendar;
  readonly identity?: Pick<Identity, "projectNames"> | undefined;
  /** The name of the price book. */
  readonly book: string;
}

/** The pages that finance reads in a browser: the invoices, each of them, and what the month costs so far. */
export const pageRoutes: Routes<Collaborators> = async (app, { store, ledger, calendar, book, identity }) => {
  const names = identity?.projectNames ?? (async () => new Map<string, string>());
  const visitorOf = ({ access, signedIn }: FastifyRequest): Visitor => ({
    name: access?.caller.name ?? "",
    canSignOut: signedIn,
  });

  const list = {
    summary: "The invoices as a page, newest first",
    querystring: z.object(PageQuery),
    produces: ["text/html"],
    response: { 200: z.string() },
  };
  app.get("/invoices", { schema: list, config: { admits: ANYBODY } }, async (request, reply) => {
    const { query } = request;
    const { items, next } = await pageOfInvoices(ledger, { newestFirst: true }, scopeOf(request), query);
    const older = next === undefined ? undefined : `/invoices?limit=${query.limit}&cursor=${next}`;
    return sendPage(reply, invoiceListPage(items, visitorOf(request), { names: await names(), older }));
  });

  const one = {
    summary: "One invoice as a page",
    params: z.object({ number: z.string() }),
    produces: ["text/html"],
    response: { 200: z.string() },
  };
  app.get("/invoices/:number", { schema: one, config: { admits: ANYBODY } }, async (request, reply) => {
    const issued = await ledger.invoice(request.params.number, scopeOf(request));
    if (issued === undefined) throw new Problem("NOT_FOUND");
    return sendPage(reply, invoicePage(issued));
  });

  const costs = {
    summary: "What the running month costs so far, as a page",
    produces: ["text/html"],
    response: { 200: z.string() },
  };
  app.get("/costs", { schema: costs, config: { admits: ANYBODY } }, async (request, reply) => {
    const { zone, clock } = calendar;
    const scope = scopeOf(request);
    const drafts = await liveCosts({ store, ledger }, { period: monthOf(clock(), zone), zone, book }, scope);
    const shown = drafts.map(({ project, draft: { invoice }, unpriced }) => ({
      project,
      invoice,
      unpriced: unpriced.length,
      // Of several projects' account somebody who sees one of them learns nothing.
      ...(scope.kind === "all" || invoice.account.id === project ? { account: invoice.account.id } : {}),
    }));
    return sendPage(reply, costsPage(shown, visitorOf(request), await names()));
  });
};
