import { EVERYTHING, type IssuedInvoice, iso, isSamePerson, type Person } from "@raingauge/domain";
import type { Ledger, Proposal } from "@raingauge/ledger";
import { viewInvoice, viewIssued } from "@raingauge/wire";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { MONEY } from "../access.ts";
import { adjustments, voidingOf } from "../adjustment.ts";
import { monthNamed } from "../months.ts";
import { PageQuery, page, pageOf } from "../paging.ts";
import { type Calendar, MonthText } from "../period-query.ts";
import { Problem } from "../problems.ts";
import { approve, type ProposalSources, proposeDraft, proposedInvoice, stateOf } from "../proposal.ts";
import type { Routes } from "../schema.ts";
import { InvoiceView, IssuedInvoiceView } from "../views/invoice.ts";

interface Collaborators extends ProposalSources {
  readonly ledger: ProposalSources["ledger"] & Pick<Ledger, "invoices">;
  readonly calendar: Calendar;
  readonly book: string;
}

const STATES = ["pending", "approved", "rejected", "expired"] as const;

const ProposalView = z.object({
  id: z.string(),
  number: z.string().describe("The invoice that it corrects."),
  state: z.enum(STATES),
  proposedBy: z.string(),
  proposedAt: z.string(),
  expiresAt: z.string().describe("Nobody can approve it from then on."),
  approvedBy: z.string().optional(),
  written: z.string().optional().describe("The number of the note, where it was approved."),
  rejectedBy: z.string().optional(),
  note: z.string().optional().describe("Why it was rejected."),
  document: InvoiceView.describe("As it was proposed: its lines and totals are what changes."),
});

const identified = z.object({ id: z.string().regex(/^\d{1,18}$/, "not a proposal's id") });

/** Corrections that one person proposes and another approves. */
export const proposalRoutes: Routes<Collaborators> = async (app, { store, ledger, calendar, book }) => {
  const sources = { store, ledger };
  const terms = { zone: calendar.zone, book };

  const view = async (proposal: Proposal): Promise<z.input<typeof ProposalView>> =>
    viewProposal(proposal, await ledger.invoices({ corrects: proposal.corrects }, EVERYTHING), calendar);
  const find = async (id: string): Promise<Proposal> => {
    const proposal = await ledger.proposal(BigInt(id));
    if (proposal === undefined) throw new Problem("NOT_FOUND");
    return proposal;
  };

  const propose = {
    summary:
      "Proposes the corrections of a closed month, or the taking back of an invoice, for somebody else to approve",
    body: z.union([
      z.strictObject({
        period: MonthText,
        numbers: z.array(z.string()).max(10_000).optional().describe("Of these invoices only; of all when left out."),
      }),
      z.strictObject({ void: z.string(), reason: z.string().min(1).max(500).describe("Printed on the credit note.") }),
    ]),
    response: { 201: z.object({ proposals: z.array(ProposalView).readonly() }) },
  };
  app.post("/v1/proposals", { schema: propose, config: { admits: MONEY } }, async (request, reply) => {
    const by = personOf(request);
    const made: Proposal[] = [];
    for (const draft of await drafted(request.body)) made.push(await proposeDraft(ledger, draft, by, calendar.clock()));
    return reply.code(201).send({ proposals: await Promise.all(made.map(view)) });
  });

  async function drafted(wanted: z.output<typeof propose.body>) {
    if ("void" in wanted) {
      if ((await ledger.invoice(wanted.void, EVERYTHING)) === undefined) throw new Problem("NOT_FOUND");
      const voiding = await voidingOf(sources, wanted.void, wanted.reason);
      if (voiding === undefined)
        throw new Problem("CONFLICT", `${wanted.void} is no invoice, or was taken back already`);
      return [voiding.draft];
    }
    const period = monthNamed(wanted.period, calendar.zone);
    const found = await adjustments(sources, { ...terms, period }, { exactly: true });
    const { numbers } = wanted;
    return found.filter(({ original }) => numbers?.includes(original.number) ?? true).map(({ draft }) => draft);
  }

  const list = {
    summary: "What was proposed, with who proposed, approved and rejected it",
    querystring: z.object({
      state: z.enum(STATES).optional(),
      number: z.string().optional().describe("Only of this invoice."),
      ...PageQuery,
    }),
    response: { 200: pageOf(ProposalView) },
  };
  app.get("/v1/proposals", { schema: list, config: { admits: MONEY } }, async (request) => {
    const { state, number } = request.query;
    const kept = await ledger.proposals(number === undefined ? {} : { corrects: number });
    const views = await Promise.all(kept.map(view));
    const wanted = views.filter((each) => state === undefined || each.state === state);
    return page(wanted, ({ id }) => id.padStart(18, "0"), request.query);
  });

  const agree = {
    summary: "Approves what somebody else proposed: it is worked out again, and written where it is still the same",
    params: identified,
    response: { 201: IssuedInvoiceView },
  };
  app.post("/v1/proposals/:id/approve", { schema: agree, config: { admits: MONEY } }, async (request, reply) => {
    const proposal = await find(request.params.id);
    const by = personOf(request);
    if (isSamePerson(proposal.by, by)) throw new Problem("APPROVER_IS_PROPOSER");
    await mustBePending(proposal);
    const written = await approve(sources, proposal, by, terms);
    if (written === undefined) throw new Problem("PROPOSAL_CHANGED");
    return reply.code(201).send(viewIssued(written));
  });

  async function mustBePending(proposal: Proposal): Promise<void> {
    const notes = await ledger.invoices({ corrects: proposal.corrects }, EVERYTHING);
    const state = stateOf(proposal, notes, calendar.clock());
    if (state !== "pending") throw new Problem("CONFLICT", `proposal ${proposal.sequence} is ${state}`);
  }

  const refuse = {
    summary: "Rejects a proposal; whoever made it may take it back so, too",
    params: identified,
    body: z.strictObject({ note: z.string().min(1).max(500).describe("Why.") }),
    response: { 200: ProposalView },
  };
  app.post("/v1/proposals/:id/reject", { schema: refuse, config: { admits: MONEY } }, async (request) => {
    const proposal = await find(request.params.id);
    const rejection = { by: personOf(request), note: request.body.note };
    return view(await ledger.rejectProposal(proposal.sequence, rejection));
  });
};

/** Who asks, as one must be told from another. */
function personOf({ access }: FastifyRequest): Person {
  const { name = "", id } = access?.caller ?? {};
  return { name, ...(id === undefined ? {} : { id }) };
}

function viewProposal(
  proposal: Proposal,
  notes: readonly IssuedInvoice[],
  { clock }: Calendar,
): z.input<typeof ProposalView> {
  const { sequence, corrects, by, proposedAt, expiresAt, rejected } = proposal;
  const written = notes.find(({ pins }) => pins.approval?.proposal === sequence);
  return {
    id: String(sequence),
    number: corrects,
    state: stateOf(proposal, notes, clock()),
    proposedBy: by.name,
    proposedAt: iso(proposedAt),
    expiresAt: iso(expiresAt),
    ...(written === undefined
      ? {}
      : { written: written.number, approvedBy: written.pins.approval?.approvedBy.name ?? "" }),
    ...(rejected === undefined ? {} : { rejectedBy: rejected.by.name, note: rejected.note }),
    document: viewInvoice(proposedInvoice(proposal)),
  };
}
