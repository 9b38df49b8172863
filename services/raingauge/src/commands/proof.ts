import type { Command } from "commander";
import { answered, said } from "../client.ts";
import { whyText } from "../why-text.ts";
import { asking, everyItem, print, progress } from "./asking.ts";
import type { DoorOptions, Surroundings } from "./door.ts";

/** Why a bill says what it says, and whether it still comes out the same. */
export function addProof(program: Command, surroundings: Surroundings): void {
  const { tool, api } = asking(program, surroundings);

  tool("why", "why a line of an invoice says what it says, down to the messages")
    .argument("<number>", "the invoice's number")
    .argument("<line>", "the line's position, from 1")
    .action(async (number: string, line: string, options: DoorOptions) => {
      const why = await answered(
        api(options).GET("/v1/invoices/{number}/lines/{position}/why", {
          params: {
            path: { number, position: said(line) },
            query: options.json === true ? EVERYTHING : {},
          },
        }),
      );
      print(options, why, () => whyText(why));
    });

  tool("verify", "compute issued invoices again, from the frozen usages and from the readings")
    .argument("[number]", "only this invoice (default: every one)")
    .action(async (number: string | undefined, options: DoorOptions) => {
      const all = number === undefined ? await everyItem(api(options), "/v1/invoices", {}) : [{ number }];
      const found: Verification[] = [];
      for (const [index, { number: each }] of all.entries()) {
        progress(`verifying ${index + 1} of ${all.length}: ${each}`);
        found.push(
          await answered(api(options).GET("/v1/invoices/{number}/verify", { params: { path: { number: each } } })),
        );
      }
      progress("");
      print(options, found, () =>
        found.length === 0 ? "no invoice yet" : found.flatMap(verificationLines).join("\n"),
      );
      if (found.some(({ passed }) => !passed)) process.exitCode = 1;
    });
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
  readonly gone?: string;
}

/** A person reads a few; a program wants all that the API gives at once. */
const EVERYTHING = { usages: 100, readings: 10_000 };

const verificationLines = ({ number, passed, frozen, readings }: Verification): string[] => [
  `${number}  ${passed ? "verified" : "FAILED"}  frozen usages: ${level(frozen)}  readings: ${level(readings)}`,
  ...[...frozen.findings, ...readings.findings].map(({ sentence }) => `  ${sentence}`),
];

const level = ({ passed, gone }: Level): string =>
  gone === undefined ? (passed ? "the same" : "different") : "removed by retention";
