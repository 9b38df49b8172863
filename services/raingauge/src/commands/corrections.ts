import type { InvoiceView, IssuedInvoiceView } from "@raingauge/wire";
import type { Command } from "commander";
import { asked, type Door } from "../client.ts";
import { table } from "../print.ts";
import { type Asking, asking, everyItem, print } from "./asking.ts";
import { type DoorOptions, type Surroundings, withDoor } from "./door.ts";

/** What became known after issue. */
export function addCorrections(program: Command, surroundings: Surroundings): void {
  const { tool, door } = asking(program, surroundings);
  const adjustments = tool(
    "adjustments",
    "what a closed month should have come to by what is known now, where it was billed otherwise",
  )
    .argument("<month>", "a month such as 2026-03")
    .option("--write", "write the credit and debit notes, those too that wait, but for those that need approval")
    .option("--propose", "propose them for somebody else to approve")
    .action(async (month: string, options: DoorOptions & { write?: boolean; propose?: boolean }) => {
      if (options.propose === true) await propose(door(options), options, { period: month });
      else if (options.write === true) await write(door(options), options, month);
      else {
        const found = await everyItem<Found>(door(options), "/v1/adjustments", `period=${encodeURIComponent(month)}`);
        print(options, found, () => table(["invoice", "kind", "total", "", "waits"], found.map(row), 99));
      }
    });
  addProposals(adjustments, door);

  tool("void", "take an invoice back whole, by a credit note; its period may then be billed anew")
    .argument("<number>", "the invoice's number")
    .requiredOption("--reason <text>", "printed on the credit note")
    .option("--propose", "propose it for somebody else to approve")
    .action(async (number: string, options: DoorOptions & { reason: string; propose?: boolean }) => {
      if (options.propose === true) {
        await propose(door(options), options, { void: number, reason: options.reason });
        return;
      }
      const path = `/v1/invoices/${encodeURIComponent(number)}/void`;
      const request = { method: "POST", body: { reason: options.reason } } as const;
      const note = await asked<IssuedInvoiceView>(door(options), path, request);
      print(options, note, () => `${number} is taken back by ${note.number}, ${note.total} ${note.currency}`);
    });
}

/** What one person proposed, and another approves. */
function addProposals(adjustments: Command, door: Asking["door"]): void {
  const tool = (name: string, says: string): Command => withDoor(adjustments.command(name).description(says));
  tool("proposals", "what was proposed, with who proposed, approved and rejected it").action(
    async (_: DoorOptions, command: Command) => {
      // Where the service is may have been read as an option of the command above.
      const options = command.optsWithGlobals<DoorOptions>();
      const kept = await everyItem<Proposal>(door(options), "/v1/proposals", "");
      print(options, kept, () => proposalTable(kept));
    },
  );
  tool("approve", "approve what somebody else proposed: it is worked out again, and written where it is still the same")
    .argument("<id>", "the proposal's id")
    .action(async (id: string, _: DoorOptions, command: Command) => {
      const options = command.optsWithGlobals<DoorOptions>();
      const path = `/v1/proposals/${encodeURIComponent(id)}/approve`;
      const note = await asked<IssuedInvoiceView>(door(options), path, { method: "POST" });
      print(options, note, () => table(["number", "corrects", "total", ""], [written(note)], 2));
    });
  tool("reject", "reject a proposal")
    .argument("<id>", "the proposal's id")
    .requiredOption("--note <text>", "why")
    .action(async (id: string, _: DoorOptions, command: Command) => {
      const options = command.optsWithGlobals<DoorOptions & { note: string }>();
      const request = { method: "POST", body: { note: options.note } } as const;
      const kept = await asked<Proposal>(door(options), `/v1/proposals/${encodeURIComponent(id)}/reject`, request);
      print(options, kept, () => proposalTable([kept]));
    });
}

async function propose(door: Door, options: DoorOptions, body: object): Promise<void> {
  const { proposals } = await asked<{ proposals: Proposal[] }>(door, "/v1/proposals", { method: "POST", body });
  print(options, proposals, () => (proposals.length === 0 ? "nothing to propose" : proposalTable(proposals)));
}

async function write(door: Door, options: DoorOptions, month: string): Promise<void> {
  const request = { method: "POST", body: { period: month } } as const;
  const answer = await asked<{ documents: IssuedInvoiceView[]; needApproval: string[] }>(
    door,
    "/v1/adjustments",
    request,
  );
  const { documents, needApproval } = answer;
  print(options, options.json === true ? answer : documents, () =>
    [
      table(["number", "corrects", "total", ""], documents.map(written), 2),
      ...needApproval.map((number) => `${number}: needs approval, so propose it (--propose)`),
    ].join("\n"),
  );
}

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
