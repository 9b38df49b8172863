import type { InvoiceView, IssuedInvoiceView } from "@raingauge/wire";
import type { Command } from "commander";
import { answered, type Service } from "../client.ts";
import { table } from "../print.ts";
import { type Asking, asking, everyItem, print } from "./asking.ts";
import { type DoorOptions, type Surroundings, withDoor } from "./door.ts";

/** What became known after issue. */
export function addCorrections(program: Command, surroundings: Surroundings): void {
  const { tool, api } = asking(program, surroundings);
  const adjustments = tool(
    "adjustments",
    "what a closed month should have come to by what is known now, where it was billed otherwise",
  )
    .argument("<month>", "a month such as 2026-03")
    .option("--write", "write the credit and debit notes, those too that wait, but for those that need approval")
    .option("--propose", "propose them for somebody else to approve")
    .action(async (month: string, options: DoorOptions & { write?: boolean; propose?: boolean }) => {
      if (options.propose === true) await propose(api(options), options, { period: month });
      else if (options.write === true) await write(api(options), options, month);
      else {
        const found = await everyItem(api(options), "/v1/adjustments", { query: { period: month } });
        print(options, found, () => table(["invoice", "kind", "total", "", "waits"], found.map(row), 99));
      }
    });
  addProposals(adjustments, api);

  tool("void", "take an invoice back whole, by a credit note; its period may then be billed anew")
    .argument("<number>", "the invoice's number")
    .requiredOption("--reason <text>", "printed on the credit note")
    .option("--propose", "propose it for somebody else to approve")
    .action(async (number: string, options: DoorOptions & { reason: string; propose?: boolean }) => {
      if (options.propose === true) {
        await propose(api(options), options, { void: number, reason: options.reason });
        return;
      }
      const note = await answered(
        api(options).POST("/v1/invoices/{number}/void", {
          params: { path: { number } },
          body: { reason: options.reason },
        }),
      );
      print(options, note, () => `${number} is taken back by ${note.number}, ${note.total} ${note.currency}`);
    });
}

/** What one person proposed, and another approves. */
function addProposals(adjustments: Command, api: Asking["api"]): void {
  const tool = (name: string, says: string): Command => withDoor(adjustments.command(name).description(says));
  tool("proposals", "what was proposed, with who proposed, approved and rejected it").action(
    async (_: DoorOptions, command: Command) => {
      // Where the service is may have been read as an option of the command above.
      const options = command.optsWithGlobals<DoorOptions>();
      const kept = await everyItem(api(options), "/v1/proposals", {});
      print(options, kept, () => proposalTable(kept));
    },
  );
  tool("approve", "approve what somebody else proposed: it is worked out again, and written where it is still the same")
    .argument("<id>", "the proposal's id")
    .action(async (id: string, _: DoorOptions, command: Command) => {
      const options = command.optsWithGlobals<DoorOptions>();
      const note = await answered(api(options).POST("/v1/proposals/{id}/approve", { params: { path: { id } } }));
      print(options, note, () => table(["number", "corrects", "total", ""], [written(note)], 2));
    });
  tool("reject", "reject a proposal")
    .argument("<id>", "the proposal's id")
    .requiredOption("--note <text>", "why")
    .action(async (id: string, _: DoorOptions, command: Command) => {
      const options = command.optsWithGlobals<DoorOptions & { note: string }>();
      const kept = await answered(
        api(options).POST("/v1/proposals/{id}/reject", { params: { path: { id } }, body: { note: options.note } }),
      );
      print(options, kept, () => proposalTable([kept]));
    });
}

async function propose(api: Service, options: DoorOptions, body: Proposing): Promise<void> {
  const { proposals } = await answered(api.POST("/v1/proposals", { body }));
  print(options, proposals, () => (proposals.length === 0 ? "nothing to propose" : proposalTable(proposals)));
}

async function write(api: Service, options: DoorOptions, month: string): Promise<void> {
  const answer = await answered(api.POST("/v1/adjustments", { body: { period: month } }));
  const { documents, needApproval } = answer;
  print(options, options.json === true ? answer : documents, () =>
    [
      table(["number", "corrects", "total", ""], documents.map(written), 2),
      ...needApproval.map((number) => `${number}: needs approval, so propose it (--propose)`),
    ].join("\n"),
  );
}

type Proposing = { readonly period: string } | { readonly void: string; readonly reason: string };

interface Proposal {
  readonly id: string;
  readonly number: string;
  readonly state: string;
  readonly proposedBy: string;
  readonly approvedBy?: string;
  readonly rejectedBy?: string;
  readonly written?: string;
  readonly document: InvoiceView;
}

const proposalTable = (proposals: readonly Proposal[]): string =>
  table(
    ["id", "invoice", "kind", "total", "", "state", "proposed by", "decided by", "written as"],
    proposals.map(({ id, number, state, proposedBy, approvedBy, rejectedBy, written: as = "", document }) => [
      id,
      number,
      document.kind,
      document.total,
      document.currency,
      state,
      proposedBy,
      approvedBy ?? rejectedBy ?? "",
      as,
    ]),
    99,
  );

interface Found {
  readonly number: string;
  readonly waits?: string;
  readonly document: InvoiceView;
}

const row = ({ number, waits = "", document }: Found): string[] => [
  number,
  document.kind,
  document.total,
  document.currency,
  waits,
];

const written = ({ number, corrects, total, currency }: IssuedInvoiceView): string[] => [
  number,
  corrects?.number ?? "",
  total,
  currency,
];
