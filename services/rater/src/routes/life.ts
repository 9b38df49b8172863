import { formatMinor, type InvoiceEvent, iso, payable, type Scope, standingOf } from "@raingauge/domain";
import type { IssuedInvoice, Ledger } from "@raingauge/ledger";
import { z } from "zod";
import { ANYBODY, MONEY, scopeOf } from "../access.ts";
import { minorOf } from "../minor.ts";
import { dayIn } from "../months.ts";
import type { Calendar } from "../period-query.ts";
import { Problem } from "../problems.ts";
import type { Routes } from "../schema.ts";

interface Collaborators {
  readonly ledger: Pick<Ledger, "invoice" | "invoices" | "events" | "recordEvent">;
  readonly calendar: Calendar;
}

const StandingView = z.object({
  number: z.string(),
  state: z.enum(["issued", "paid", "overdue", "written off", "void"]),
  currency: z.string(),
  total: z.string(),
  prepaid: z.string().describe("By prepaid credit, when it was issued."),
  credited: z.string().describe("By credit notes, of what was left to be paid."),
  paid: z.string(),
  open: z.string().describe("What is left to be paid."),
  dueDate: z.string(),
  events: z
    .array(z.object({ kind: z.string(), amount: z.string(), at: z.string(), by: z.string(), note: z.string() }))
    .readonly(),
});

const number = z.object({ number: z.string() });
const note = z.string().max(500).default("");

/** What becomes of a document after issue. Nothing of it changes the document. */
export const lifeRoutes: Routes<Collaborators> = async (app, { ledger, calendar }) => {
  const standing = async (name: string, scope: Scope): Promise<z.input<typeof StandingView>> => {
    const issued = await ledger.invoice(name, scope);
    if (issued === undefined) throw new Problem("NOT_FOUND");
    const notes = await ledger.invoices({ corrects: name }, scope);
    const events = await ledger.events(name, scope);
    return viewStanding(issued, notes, { events, today: dayIn(calendar.clock(), issued.invoice.zone) });
  };
  const look = {
    summary: "Where a document stands: paid, overdue, written off or void",
    params: number,
    response: { 200: StandingView },
  };
  app.get("/v1/invoices/:number/standing", { schema: look, config: { admits: ANYBODY } }, (request) =>
    standing(request.params.number, scopeOf(request)),
  );

  const record = async (name: string, event: Pick<InvoiceEvent, "kind" | "amount" | "note" | "by">, scope: Scope) => {
    await ledger.recordEvent({ number: name, at: calendar.clock(), ...event });
    return standing(name, scope);
  };
  const pay = {
    summary: "Adds a payment, or with a minus sign takes one back that came to nothing",
    params: number,
    body: z.strictObject({ amount: z.string().regex(/^-?\d{1,15}(\.\d{1,4})?$/, "not an amount"), note }),
    response: { 201: StandingView },
  };
  app.post("/v1/invoices/:number/payments", { schema: pay, config: { admits: MONEY } }, async (request, reply) => {
    const scope = scopeOf(request);
    const issued = await ledger.invoice(request.params.number, scope);
    if (issued === undefined) throw new Problem("NOT_FOUND");
    const amount = minorOf(request.body.amount, issued.invoice.currency);
    const event = { kind: "payment", amount, note: request.body.note, by: request.access?.caller.name ?? "" } as const;
    return reply.code(201).send(await record(issued.number, event, scope));
  });

  const writeOff = {
    summary: "Gives up what is left of a document",
    params: number,
    body: z.strictObject({ note: z.string().min(1).max(500).describe("Why.") }),
    response: { 201: StandingView },
  };
  app.post(
    "/v1/invoices/:number/write-off",
    { schema: writeOff, config: { admits: MONEY } },
    async (request, reply) => {
      const scope = scopeOf(request);
      const issued = await ledger.invoice(request.params.number, scope);
      if (issued === undefined) throw new Problem("NOT_FOUND");
      const event = {
        kind: "written-off",
        amount: 0n,
        note: request.body.note,
        by: request.access?.caller.name ?? "",
      } as const;
      return reply.code(201).send(await record(issued.number, event, scope));
    },
  );
};

function viewStanding(
  issued: IssuedInvoice,
  notes: readonly IssuedInvoice[],
  { events, today }: { readonly events: readonly InvoiceEvent[]; readonly today: string },
): z.input<typeof StandingView> {
  const { currency, total } = issued.invoice;
  const { state, credited, paid, open } = standingOf(issued, notes, events, today);
  return {
    number: issued.number,
    state,
    currency,
    total: formatMinor(total, currency),
    prepaid: formatMinor(total - payable(issued.invoice), currency),
    credited: formatMinor(credited, currency),
    paid: formatMinor(paid, currency),
    open: formatMinor(open, currency),
    dueDate: issued.dueDate,
    events: events.map(({ kind, amount, at, by, note: said }) => ({
      kind,
      amount: formatMinor(amount, currency),
      at: iso(at),
      by,
      note: said,
    })),
  };
}
