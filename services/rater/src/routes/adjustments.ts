import { EVERYTHING } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { viewInvoice, viewIssued } from "@raingauge/wire";
import { z } from "zod";
import { MONEY } from "../access.ts";
import { type Adjustment, type AdjustmentSources, adjustments, voidInvoice, writeAdjustments } from "../adjustment.ts";
import { monthNamed } from "../months.ts";
import { PageQuery, page, pageOf, sortQuery } from "../paging.ts";
import { type Calendar, MonthText } from "../period-query.ts";
import { Problem } from "../problems.ts";
import { needsApproval } from "../proposal.ts";
import type { Routes } from "../schema.ts";
import { InvoiceView, IssuedInvoiceView } from "../views/invoice.ts";

interface Collaborators extends AdjustmentSources {
  readonly ledger: AdjustmentSources["ledger"] & Pick<Ledger, "invoice" | "accounts">;
  readonly calendar: Calendar;
  readonly book: string;
}

const AdjustmentView = z.object({
  number: z.string().describe("The invoice that it corrects."),
  waits: z.string().optional().describe("Why it is not written by schedule; left out where it is."),
  needsApproval: z.boolean().describe("One person has to propose it, and another to approve."),
  document: InvoiceView.describe("As it would be written now: its lines and totals are what changes."),
});

/** What became known after issue, and the documents that settle it. */
export const adjustmentRoutes: Routes<Collaborators> = async (app, { store, ledger, calendar, book }) => {
  const terms = (month: string) => ({ period: monthNamed(month, calendar.zone), zone: calendar.zone, book });

  const list = {
    summary: "What a closed month should have come to by what is known now, where that differs from what was billed",
    querystring: z.object({ period: MonthText, ...sortQuery("total"), ...PageQuery }),
    response: { 200: pageOf(AdjustmentView) },
  };
  app.get("/v1/adjustments", { schema: list, config: { admits: MONEY } }, async (request) => {
    const found = await adjustments({ store, ledger }, terms(request.query.period), { exactly: false });
    const { items, ...next } = page(found, ({ original }) => original.number, request.query, {
      total: ({ draft }) => draft.invoice.total,
    });
    return { items: items.map(viewAdjustment), ...next };
  });

  const write = {
    summary:
      "Writes the corrections of a closed month, those too that wait, but for those that need approval; doing it again changes nothing",
    body: z.strictObject({
      period: MonthText,
      numbers: z.array(z.string()).max(10_000).optional().describe("Of these invoices only; of all when left out."),
    }),
    response: {
      200: z.object({
        period: z.string(),
        documents: z.array(IssuedInvoiceView).readonly(),
        needApproval: z
          .array(z.string())
          .readonly()
          .describe("The invoices whose corrections were not written: propose them."),
      }),
    },
  };
  app.post("/v1/adjustments", { schema: write, config: { admits: MONEY } }, async (request) => {
    const { period, numbers } = request.body;
    const found = await adjustments({ store, ledger }, terms(period), { exactly: true });
    const wanted = found.filter(({ original }) => numbers === undefined || numbers.includes(original.number));
    const free = wanted.filter(({ needsApproval: isNeeded }) => !isNeeded);
    const written = await writeAdjustments(ledger, free);
    return {
      period,
      documents: written.map(({ document }) => viewIssued(document)),
      needApproval: wanted.filter((each) => each.needsApproval).map(({ original }) => original.number),
    };
  });

  const takeBack = {
    summary: "Takes an invoice back whole, by a credit note; its period may then be billed anew",
    params: z.object({ number: z.string() }),
    body: z.strictObject({ reason: z.string().min(1).max(500).describe("Printed on the credit note.") }),
    response: { 201: IssuedInvoiceView },
  };
  app.post("/v1/invoices/:number/void", { schema: takeBack, config: { admits: MONEY } }, async (request, reply) => {
    const { number } = request.params;
    const original = await ledger.invoice(number, EVERYTHING);
    if (original === undefined) throw new Problem("NOT_FOUND");
    if (await needsApproval(ledger, original)) throw new Problem("APPROVAL_NEEDED");
    const note = await voidInvoice({ store, ledger }, number, request.body.reason);
    if (note === undefined) throw new Problem("CONFLICT", `${number} is no invoice, or was taken back already`);
    return reply.code(201).send(viewIssued(note));
  });
};

const viewAdjustment = ({
  original,
  draft,
  waits,
  needsApproval: isNeeded,
}: Adjustment): z.input<typeof AdjustmentView> => ({
  number: original.number,
  needsApproval: isNeeded,
  ...(waits === undefined ? {} : { waits }),
  document: viewInvoice(draft.invoice),
});
