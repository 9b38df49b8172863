import type { Command } from "commander";
import { answered } from "../client.ts";
import { draftText } from "../print.ts";
import { asking, print } from "./asking.ts";
import type { DoorOptions, Surroundings } from "./door.ts";
import { type Files, writeFiles } from "./files.ts";

/** What an account's next invoice comes to so far. */
export function addDraft(program: Command, surroundings: Surroundings): void {
  const { tool, api } = asking(program, surroundings);

  tool("draft", "what an account's month comes to so far and by its end, as the invoice that it would be now")
    .argument("<account>", "the account's id, or a project's that has none")
    .option("--period <month>", "a month such as 2026-03 (default: this month)")
    .option("--html <file>", "write it as a page, which says that it is a draft, into a file")
    .option("--pdf <file>", "write it as a PDF, which says so too, into a file")
    .action(async (account: string, options: DoorOptions & Drafting) => {
      const query = { period: options.period ?? new Date().toISOString().slice(0, "2026-03".length) };
      await writeFiles(options, FORMS, (form) =>
        answered(
          api(options).GET("/v1/accounts/{account}/draft/documents/{form}", {
            params: { path: { account, form }, query },
            parseAs: "arrayBuffer",
          }),
        ),
      );
      const draft = await answered(
        api(options).GET("/v1/accounts/{account}/draft", { params: { path: { account }, query } }),
      );
      print(options, draft, () => draftText(draft));
    });
}

const FORMS = ["html", "pdf"] as const;

type Drafting = { readonly period?: string } & Files<(typeof FORMS)[number]>;
