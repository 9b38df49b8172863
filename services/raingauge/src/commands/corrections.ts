import type { InvoiceView, IssuedInvoiceView } from "@raingauge/wire";
import type { Command } from "commander";
import { asked } from "../client.ts";
import { table } from "../print.ts";
import { asking, everyItem, print } from "./asking.ts";
import type { DoorOptions, Surroundings } from "./door.ts";

/** What became known after issue. */
export function addCorrections(program: Command, surroundings: Surroundings): void {
  const { tool, door } = asking(program, surroundings);
  tool("adjustments", "what a closed month should have come to by what is known now, where it was billed otherwise")
    .argument("<month>", "a month such as 2026-03")
    .option("--write", "write the credit and debit notes, those too that wait for somebody")
    .action(async (month: string, options: DoorOptions & { write?: boolean }) => {
      if (options.write === true) {
        const request = { method: "POST", body: { period: month } } as const;
        const { documents } = await asked<{ documents: IssuedInvoiceView[] }>(
          door(options),
          "/v1/adjustments",
          request,
        );
        print(options, documents, () => table(["number", "corrects", "total", ""], documents.map(written), 2));
        return;
      }
      const found = await everyItem<Found>(door(options), "/v1/adjustments", `period=${encodeURIComponent(month)}`);
      print(options, found, () => table(["invoice", "kind", "total", "", "waits"], found.map(row), 99));
    });

  tool("void", "take an invoice back whole, by a credit note; its period may then be billed anew")
    .argument("<number>", "the invoice's number")
    .requiredOption("--reason <text>", "printed on the credit note")
    .action(async (number: string, options: DoorOptions & { reason: string }) => {
      const path = `/v1/invoices/${encodeURIComponent(number)}/void`;
      const request = { method: "POST", body: { reason: options.reason } } as const;
      const note = await asked<IssuedInvoiceView>(door(options), path, request);
      print(options, note, () => `${number} is taken back by ${note.number}, ${note.total} ${note.currency}`);
    });
}

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
