import type { Command } from "commander";
import { answered } from "../client.ts";
import { table } from "../print.ts";
import { asking, everyItem, print } from "./asking.ts";
import type { DoorOptions, Surroundings } from "./door.ts";

interface GrantOptions extends DoorOptions {
  readonly id: string;
  readonly promotional?: boolean;
  readonly currency: string;
  readonly priority?: string;
  readonly since?: string;
  readonly until?: string;
  readonly sku?: string[];
  readonly project?: string[];
  readonly note?: string;
}

/** Money that accounts have with us. */
export function addCredits(program: Command, surroundings: Surroundings): void {
  const { tool, api } = asking(program, surroundings);
  tool("credits", "an account's credit and what is left of it; with an id, everything that changed it")
    .argument("<account>", "the account's id")
    .argument("[credit]", "the credit's id")
    .action(async (account: string, credit: string | undefined, options: DoorOptions) => {
      if (credit === undefined) {
        const rows = await everyItem(api(options), "/v1/accounts/{account}/credits", { path: { account } });
        print(options, rows, () => table(HEAD, rows.map(row), 5));
        return;
      }
      const { entries, ...found } = await answered(api(options).GET(CREDIT, { params: { path: { account, credit } } }));
      print(options, { ...found, entries }, () =>
        table(["when", "what", "by", "note", "amount", "left"], entries.map(entryRow), 4),
      );
    });

  tool("credit", "grant credit to an account: prepaid, unless it is said to be promotional")
    .argument("<account>", "the account's id")
    .argument("<amount>", "how much, e.g. 250.00")
    .requiredOption("--id <id>", "what it is called; granting the same again changes nothing")
    .requiredOption("--currency <code>", "the currency in which the account is billed, e.g. EUR")
    .option("--promotional", "given, not paid: it comes off before the tax")
    .option("--priority <number>", "the lowest is drawn first (100)")
    .option("--since <instant>", "it pays for months from here on")
    .option("--until <instant>", "and up to here")
    .option("--sku <pattern...>", "articles that it pays for, e.g. compute.*")
    .option("--project <id...>", "projects that it pays for")
    .option("--note <text>", "printed on the invoices that draw it")
    .action(async (account: string, amount: string, options: GrantOptions) => {
      const body = grantOf(amount, options);
      const granted = await answered(
        api(options).PUT(CREDIT, { params: { path: { account, credit: options.id } }, body }),
      );
      print(options, granted, () =>
        [
          `${granted.id}: ${granted.left} ${granted.currency} left of ${granted.amount}`,
          ...granted.remarks.map((says) => `warning: ${says}`),
        ].join("\n"),
      );
    });

  tool("withdraw", "take back of a credit what was granted by mistake, or paid back otherwise")
    .argument("<account>", "the account's id")
    .argument("<credit>", "the credit's id")
    .argument("<amount>", "how much, e.g. 250.00")
    .requiredOption("--reason <text>", "why")
    .action(async (account: string, credit: string, amount: string, options: DoorOptions & { reason: string }) => {
      const left = await answered(
        api(options).POST(`${CREDIT}/withdrawals`, {
          params: { path: { account, credit } },
          body: { amount, note: options.reason },
        }),
      );
      print(options, left, () => `${left.id}: ${left.left} ${left.currency} left of ${left.amount}`);
    });
}

const CREDIT = "/v1/accounts/{account}/credits/{credit}";

function grantOf(amount: string, options: GrantOptions) {
  const { promotional, currency, priority, since, until, sku, project, note } = options;
  return {
    kind: promotional === true ? ("promotional" as const) : ("prepaid" as const),
    amount,
    currency,
    ...(priority === undefined ? {} : { priority: Number(priority) }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(sku === undefined ? {} : { skus: sku }),
    ...(project === undefined ? {} : { projects: project }),
    ...(note === undefined ? {} : { note }),
  };
}

interface CreditRow {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly currency: string;
  readonly amount: string;
  readonly left: string;
  readonly until?: string;
  readonly note: string;
}

interface EntryRow {
  readonly kind: string;
  readonly amount: string;
  readonly left: string;
  readonly at: string;
  readonly number?: string;
  readonly by?: string;
  readonly note?: string;
}

const HEAD = ["credit", "kind", "state", "until", "note", "granted", "left", ""];

const row = ({ id, kind, state, amount, left, currency, until = "", note }: CreditRow): string[] => [
  id,
  kind,
  state,
  until,
  note,
  amount,
  left,
  currency,
];

const entryRow = ({ at, kind, amount, left, number, by, note }: EntryRow): string[] => [
  at,
  kind,
  number ?? by ?? "",
  note ?? "",
  amount,
  left,
];
