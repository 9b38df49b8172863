import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { answered, Refused, said } from "../client.ts";
import { table } from "../print.ts";
import { asking, everyItem, print } from "./asking.ts";
import type { DoorOptions, Surroundings } from "./door.ts";

/** Who pays for which projects. */
export function addAccounts(program: Command, surroundings: Surroundings): void {
  const { tool, api } = asking(program, surroundings);
  tool("accounts", "the accounts, every version of each").action(async (options: DoorOptions) => {
    const versions = await everyItem(api(options), "/v1/accounts", {});
    print(options, versions, () => table(["account", "name", "valid from", "members", "book"], versions.map(row), 99));
  });

  tool("account", "record an account, or a version of it from an instant on")
    .argument("<id>", "what it is called in the books")
    .argument("<file>", "the account in JSON (docs/billing.md)")
    .requiredOption("--from <instant>", "from when it is so, e.g. 2026-03-01T00:00:00Z")
    .action(async (id: string, file: string, options: DoorOptions & { from: string }) => {
      const recorded = await answered(
        api(options).PUT("/v1/accounts/{account}", {
          params: { path: { account: id }, query: { validFrom: options.from } },
          body: said(documentIn(file)),
        }),
      );
      print(options, recorded, () => `recorded ${recorded.id} from ${recorded.validFrom}, digest ${recorded.digest}`);
    });

  tool("place", "say to which domain a project belongs from an instant on")
    .argument("<project>", "the project's id")
    .argument("<domain>", "the domain's id")
    .requiredOption("--from <instant>", "since when, e.g. 2026-03-01T00:00:00Z")
    .action(async (project: string, domain: string, options: DoorOptions & { from: string }) => {
      const placed = await answered(
        api(options).PUT("/v1/projects/{project}/domain", {
          params: { path: { project } },
          body: { domain, since: options.from },
        }),
      );
      print(options, placed, () => `${project} belongs to ${domain} since ${options.from}`);
    });
}

function documentIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refused(`${file} is not JSON: ${error.message}`);
    throw error;
  }
}

interface AccountRow {
  readonly id: string;
  readonly validFrom: string;
  readonly content: unknown;
}

/** An account's document is described where accounts are written, and told as it was. */
interface Account {
  readonly name: string;
  readonly members: readonly unknown[];
  readonly book: string;
}

function row({ id, validFrom, content }: AccountRow): string[] {
  const { name, members, book } = said<Account>(content);
  return [id, name, validFrom, String(members.length), book];
}
