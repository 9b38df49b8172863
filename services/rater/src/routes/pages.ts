import { invoiceListPage, invoicePage } from "@raingauge/documents";
import type { Ledger } from "@raingauge/ledger";
import { z } from "zod";
import { ANYBODY, scopeOf } from "../access.ts";
import { sendPage } from "../html-reply.ts";
import { Problem } from "../problems.ts";
import type { Routes } from "../schema.ts";

interface Collaborators {
  readonly ledger: Pick<Ledger, "invoices" | "invoice">;
}

/** The pages that finance reads in a browser: the list of invoices, and each of them. */
export const pageRoutes: Routes<Collaborators> = async (app, { ledger }) => {
  const list = { summary: "The invoices as a page", produces: ["text/html"], response: { 200: z.string() } };
  app.get("/invoices", { schema: list, config: { admits: ANYBODY } }, async (request, reply) => {
    const issued = await ledger.invoices({}, scopeOf(request));
    return sendPage(reply, invoiceListPage(issued.toReversed()));
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
};
