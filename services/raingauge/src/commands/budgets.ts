import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { answered } from "../client.ts";
import { table } from "../print.ts";
import { asking, everyItem, print } from "./asking.ts";
import type { DoorOptions, Surroundings } from "./door.ts";

/** Budgets: set one, see how they stand, and what could not be told. */
export function addBudgets(program: Command, surroundings: Surroundings): void {
  const budget = program.command("budget").description("budgets: set, list, drop, and the notices that were sent");
  const { tool, api } = asking(budget, surroundings);

  tool("list", "the budgets, and how they stand this month").action(async (options: DoorOptions) => {
    const budgets = await everyItem(api(options), "/v1/budgets", {});
    print(options, budgets, () =>
      table(["budget", "projects", "amount", "spent", "forecast", ""], budgets.map(budgetRow), 2),
    );
  });

  tool("set", "set a budget for a month; setting it again replaces it")
    .argument("<name>", "what it is called")
    .option("--project <id...>", "whose costs are added up", [])
    .option("--account <id>", "instead: all that this account owes")
    .requiredOption("--amount <amount>", "for a month, without tax")
    .option("--at <percent...>", "tell when so many per cent are spent", [])
    .option("--forecast <percent...>", "tell when the month will come to so many per cent", [])
    .option("--webhook <url>", "post to this address")
    .option("--secret-file <file>", "a file with the secret that signs what is posted")
    .option("--email <address...>", "mail to these addresses", [])
    .action(async (name: string, options: DoorOptions & SetOptions) => {
      const { url, secretFile } = { url: options.webhook, secretFile: options.secretFile };
      const secret = secretFile === undefined ? "" : readFileSync(secretFile, "utf8").trim();
      const request = {
        name,
        projects: options.project,
        ...(options.account === undefined ? {} : { account: options.account }),
        amount: options.amount,
        thresholds: [
          ...options.at.map((percent) => ({ percent, of: "actual" as const })),
          ...options.forecast.map((percent) => ({ percent, of: "forecast" as const })),
        ],
        ...(url === undefined ? {} : { webhook: { url, secret } }),
        email: options.email,
      };
      const set = await answered(api(options).POST("/v1/budgets", { body: request }));
      print(options, set, () => `set budget ${name}`);
    });

  tool("drop", "end a budget")
    .argument("<name>", "which one")
    .action(async (name: string, options: DoorOptions) => {
      const dropped = await answered(api(options).DELETE("/v1/budgets/{name}", { params: { path: { name } } }));
      print(options, dropped, () => `dropped budget ${name}`);
    });

  tool("notices", "what was told, and what was given up").action(async (options: DoorOptions) => {
    const notices = await everyItem(api(options), "/v1/budget-notices", {});
    print(options, notices, () =>
      table(["sequence", "raised at", "budget", "by", "state", "error"], notices.map(noticeRow), 99),
    );
  });

  tool("replay", "try a notice again that was given up")
    .argument("<sequence>", "which one, as `budget notices` shows it")
    .action(async (sequence: string, options: DoorOptions) => {
      const params = { path: { sequence } };
      const replayed = await answered(api(options).POST("/v1/budget-notices/{sequence}/replay", { params }));
      print(options, replayed, () => `replayed ${sequence}`);
    });
}

interface SetOptions {
  readonly project: string[];
  readonly account?: string;
  readonly amount: string;
  readonly at: string[];
  readonly forecast: string[];
  readonly webhook?: string;
  readonly secretFile?: string;
  readonly email: string[];
}

interface BudgetAnswer {
  readonly name: string;
  readonly projects: readonly string[];
  readonly account?: string;
  readonly amount: string;
  readonly spent: string;
  readonly forecast?: string;
  readonly currency: string;
}

const budgetRow = ({ name, projects, amount, spent, forecast = "", currency }: BudgetAnswer): string[] => [
  name,
  String(projects.length),
  amount,
  spent,
  forecast,
  currency,
];

interface NoticeAnswer {
  readonly sequence: string;
  readonly raisedAt: string;
  readonly budget: string;
  readonly channel: string;
  readonly state: string;
  readonly error?: string;
}

const noticeRow = ({ sequence, raisedAt, budget, channel, state, error = "" }: NoticeAnswer): string[] => [
  sequence,
  raisedAt,
  budget,
  channel,
  state,
  error,
];
