import type { InvoiceView, IssuedInvoiceView } from "@raingauge/wire";
import type { Command } from "commander";
import { asked } from "../client.ts";
import { asking, everyItem, print, progress } from "./asking.ts";
import type { DoorOptions, Surroundings } from "./door.ts";

/** Why a bill says what it says, and whether it still comes out the same. */
export function addProof(program: Command, surroundings: Surroundings): void {
  const { tool, door } = asking(program, surroundings);

  tool("why", "why a line of an invoice says what it says, down to the messages")
    .argument("<number>", "the invoice's number")
    .argument("<line>", "the line's position, from 1")
    .action(async (number: string, line: string, options: DoorOptions) => {
      const why = await asked<WhyAnswer>(
        door(options),
        `/v1/invoices/${encodeURIComponent(number)}/lines/${encodeURIComponent(line)}/why${options.json === true ? EVERYTHING : ""}`,
      );
      print(options, why, () => whyText(why));
    });

  tool("verify", "compute issued invoices again, from the frozen usages and from the readings")
    .argument("[number]", "only this invoice (default: every one)")
    .action(async (number: string | undefined, options: DoorOptions) => {
      const all =
        number === undefined ? await everyItem<IssuedInvoiceView>(door(options), "/v1/invoices", "") : [{ number }];
      const found: Verification[] = [];
      for (const [index, { number: each }] of all.entries()) {
        progress(`verifying ${index + 1} of ${all.length}: ${each}`);
        found.push(await asked<Verification>(door(options), `/v1/invoices/${encodeURIComponent(each)}/verify`));
      }
      progress("");
      print(options, found, () =>
        found.length === 0 ? "no invoice yet" : found.flatMap(verificationLines).join("\n"),
      );
      if (found.some(({ passed }) => !passed)) process.exitCode = 1;
    });
}

interface WhyAnswer {
  readonly number: string;
  readonly currency: string;
  readonly line: InvoiceView["lines"][number];
  readonly rule: {
    readonly sku: string;
    readonly book: { readonly name: string; readonly version: string };
    readonly arithmetic: string;
  };
  readonly usages: { readonly count: number; readonly digest: string; readonly items: readonly UsageAnswer[] };
}

interface UsageAnswer {
  readonly usage: { readonly resource: string };
  readonly sentence: string;
  readonly readings: {
    readonly count: number;
    readonly digest: string;
    readonly items: readonly {
      readonly at: string;
      readonly value: string;
      readonly source: string;
      readonly stance: string;
      readonly message: string;
    }[];
  };
}

interface Verification {
  readonly number: string;
  readonly passed: boolean;
  readonly frozen: Level;
  readonly readings: Level;
}

interface Level {
  readonly passed: boolean;
  readonly findings: readonly { readonly sentence: string }[];
}

/** A person reads a few; a program wants all that the API gives at once. */
const EVERYTHING = "?usages=100&readings=10000";

const READINGS_SHOWN = 12;

function whyText({ number, currency, line, rule, usages }: WhyAnswer): string {
  return [
    `Invoice ${number}, line ${line.position}: ${line.description}, ${line.amount} ${currency}`,
    `  price ${rule.sku} of book ${rule.book.name} ${rule.book.version}`,
    `  ${rule.arithmetic}`,
    `  ${usages.count} usage(s), digest ${usages.digest}`,
    ...usages.items.flatMap(({ usage, sentence, readings }) => [
      `  ${usage.resource}`,
      `    ${sentence}`,
      `    ${readings.count} reading(s), digest ${readings.digest}`,
      ...readings.items
        .slice(0, READINGS_SHOWN)
        .map(
          (reading) =>
            `      ${reading.at}  ${reading.value}  ${reading.source} ${reading.stance}  message ${reading.message}`,
        ),
      ...(readings.count > READINGS_SHOWN
        ? [`      … and ${readings.count - READINGS_SHOWN} more (--json shows them)`]
        : []),
    ]),
  ].join("\n");
}

const verificationLines = ({ number, passed, frozen, readings }: Verification): string[] => [
  `${number}  ${passed ? "verified" : "FAILED"}  frozen usages: ${level(frozen)}  readings: ${level(readings)}`,
  ...[...frozen.findings, ...readings.findings].map(({ sentence }) => `  ${sentence}`),
];

const level = ({ passed }: Level): string => (passed ? "the same" : "different");
