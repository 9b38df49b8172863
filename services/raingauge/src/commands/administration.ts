import type { Role } from "@raingauge/ledger";
import { Argument, type Command, Option } from "commander";
import { answered, Refused } from "../client.ts";
import { table } from "../print.ts";
import { asking, everyItem, print } from "./asking.ts";
import type { DoorOptions, Surroundings } from "./door.ts";

/** What only an administrator may do. */
export function addAdministration(program: Command, surroundings: Surroundings): void {
  const { tool, api } = asking(program, surroundings);

  tool("grant", "make a token for somebody; it is printed once")
    .argument("<name>", "whose it is")
    .addOption(new Option("--role <role>", "what it may do").choices(["admin", "finance", "reader"]).default("reader"))
    .option("--project <id...>", "what a reader may see")
    .option("--in-ledger", "straight in the ledger of RAINGAUGE_LEDGER_URL: for the first administrator")
    .action(async (name: string, options: GrantOptions) => {
      if (options.role === "reader" && options.project === undefined) {
        throw new Refused("a reader sees its projects: name at least one with --project, or give another --role");
      }
      const request = { name, role: options.role, projects: options.project ?? [] };
      const granted =
        options.inLedger === true
          ? { token: await (await import("./first-grant.ts")).grantInLedger(request, surroundings.env) }
          : await answered(api(options).POST("/v1/tokens", { body: request }));
      print(options, granted, () => granted.token);
    });

  tool("revoke", "end somebody's token at once")
    .argument("<name>", "whose it is")
    .action(async (name: string, options: DoorOptions) => {
      const revoked = await answered(api(options).DELETE("/v1/tokens/{name}", { params: { path: { name } } }));
      print(options, revoked, () => `revoked ${name}`);
    });

  const rejected = tool(
    "rejected",
    "messages that could not be taken: list them, or replay one after a fix",
  ).addArgument(new Argument("<what>", "list or replay").choices(["list", "replay"]));
  rejected
    .argument("[sequence]", "which one to replay")
    .action(async (what: string, sequence: string | undefined, options: DoorOptions) => {
      if (what === "list") {
        const items = await everyItem(api(options), "/v1/rejected", {});
        print(options, items, () =>
          table(
            ["sequence", "rejected at", "service", "reason"],
            items.map((item) => [item.sequence, item.rejectedAt, item.service, item.reason]),
            99,
          ),
        );
      } else if (sequence === undefined) rejected.error("which one? say its sequence, as `rejected list` shows it");
      else {
        const replayed = await answered(
          api(options).POST("/v1/rejected/{sequence}/replay", { params: { path: { sequence } } }),
        );
        print(options, replayed, () => `replayed ${sequence}`);
      }
    });
}

interface GrantOptions extends DoorOptions {
  readonly role: Role;
  readonly project?: string[];
  readonly inLedger?: boolean;
}
