import type { InvoiceView, IssuedInvoiceView } from "@raingauge/wire";
import type { Command } from "commander";
import { answered, said } from "../client.ts";
import { dayIn, invoiceText, table } from "../print.ts";
import { asking, everyItem, type Filters, pick, print } from "./asking.ts";
import type { DoorOptions, Surroundings } from "./door.ts";
import { type Files, writeFiles } from "./files.ts";

/** What was used, what it costs, what was billed. */
export function addBills(program: Command, surroundings: Surroundings): void {
  const { tool, api } = asking(program, surroundings);

  tool("usage", "how much was used, with the evidence for it")
    .option(
      "--period <period>",
      "a month such as 2026-03, or two instants in UTC apart by a slash (default: this month)",
    )
    .option("--project <id>", "only this project")
    .option("--meter <name>", "only this meter")
    .option("--group <terms>", "add up by region, project, resource, dimension.<name>, apart by commas", "project")
    .action(async (options: DoorOptions & Filters) => {
      const groups = await everyItem(api(options), "/v1/usage", {
        query: pick(options, ["period", "project", "meter", "group"]),
      });
      print(options, groups, () =>
        table(
          [...(options.group ?? "").split(","), "meter", "quantity", "unit", "readings"],
          groups.flatMap((group) => ("by" in group ? [usageRow(group)] : [])),
          99,
        ),
      );
    });

  tool("cost", "what a month costs so far: the invoices as they would be issued now")
    .option("--period <month>", "a month such as 2026-03 (default: this month)")
    .option("--project <id>", "only this project")
    .action(async (options: DoorOptions & Filters) => {
      const costs = await everyItem(api(options), "/v1/costs", { query: pick(options, ["period", "project"]) });
      print(options, costs, () => table(["project", "month", "lines", "unpriced", "total", ""], costs.map(costRow), 2));
    });

  tool("invoice", "the issued invoices, or one of them")
    .argument("[number]", "the invoice's number")
    .option("--period <period>", "only invoices of this month")
    .option("--project <id>", "only this project's")
    .option("--account <id>", "only this account's")
    .option("--html <file>", "write the invoice's page into a file")
    .option("--pdf <file>", "write the invoice as a PDF/A-3, with its data attached, into a file")
    .option("--ubl <file>", "write it as an electronic invoice in UBL into a file")
    .option("--cii <file>", "write it as an electronic invoice in CII into a file")
    .action(async (number: string | undefined, options: DoorOptions & Filters & Files<(typeof FORMATS)[number]>) => {
      if (number === undefined) {
        const invoices = await everyItem(api(options), "/v1/invoices", {
          query: pick(options, ["period", "project", "account"]),
        });
        print(options, invoices, () =>
          table(["number", "account", "from", "lines", "total", ""], invoices.map(invoiceRow), 3),
        );
        return;
      }
      await writeFiles(options, FORMATS, (format) =>
        answered(
          api(options).GET("/v1/invoices/{number}/documents/{format}", {
            params: { path: { number, format } },
            parseAs: "arrayBuffer",
          }),
        ),
      );
      const invoice = await answered(api(options).GET("/v1/invoices/{number}", { params: { path: { number } } }));
      print(options, invoice, () => invoiceText(invoice));
    });

  tool("close", "close a month: issue the invoice of every account with usage; doing it again changes nothing")
    .argument("<month>", "a month such as 2026-03")
    .option("--allow-unpriced", "issue although some usage has no price; it is then given away")
    .option(
      "--waive <checks>",
      "issue although these would hold it: unpriced, seen, silent, unreconciled, apart by commas",
    )
    .option("--reason <text>", "why they are waived; written on the document with your name")
    .option("--account <id...>", "only these accounts")
    .action(async (month: string, options: DoorOptions & Closing) => {
      const closing = {
        period: month,
        allowUnpriced: options.allowUnpriced === true,
        waive: said<Waived>(options.waive?.split(",") ?? []),
        ...(options.reason === undefined ? {} : { reason: options.reason }),
        ...(options.account === undefined ? {} : { accounts: options.account }),
      };
      const closed = await answered(api(options).POST("/v1/closings", { body: closing }));
      print(options, closed, () =>
        table(["account", "outcome", "number", "total", ""], closed.accounts.flatMap(closedRows), 3),
      );
      if (closed.accounts.some(({ outcome }) => outcome === "held")) process.exitCode = 1;
    });

  tool("waivers", "what was issued although a check would have held it, with who let it pass and why")
    .option("--period <month>", "only of this month")
    .action(async (options: DoorOptions & Filters) => {
      const waivers = await everyItem(api(options), "/v1/waivers", { query: pick(options, ["period"]) });
      print(options, waivers, () =>
        table(["number", "account", "check", "by", "reason", ""], waivers.map(waiverRow), 99),
      );
    });
}

const FORMATS = ["html", "pdf", "ubl", "cii"] as const;

interface GroupRow {
  readonly meter: string;
  readonly by: Readonly<Record<string, string>>;
  readonly quantity: string;
  readonly unit: string;
  readonly evidence: { readonly readings: number };
}

type CostRow = InvoiceView & {
  readonly project: string;
  readonly month: string;
  readonly unpriced: readonly unknown[];
};

interface Closing {
  readonly allowUnpriced?: boolean;
  readonly waive?: string;
  readonly reason?: string;
  readonly account?: string[];
}

interface Waiver {
  readonly number: string;
  readonly account: string;
  readonly check: string;
  readonly says: string;
  readonly by: string;
  readonly reason: string;
}

type Waived = ("unpriced" | "seen" | "silent" | "unreconciled")[];

interface ClosedRow {
  readonly account: string;
  readonly outcome: string;
  readonly number?: string;
  readonly total?: string;
  readonly currency?: string;
  readonly reasons?: readonly string[];
}

const usageRow = ({ meter, by, quantity, unit, evidence }: GroupRow): string[] => [
  ...Object.values(by),
  meter,
  quantity,
  unit,
  String(evidence.readings),
];

const costRow = ({ project, month, lines, unpriced, total, currency }: CostRow): string[] => [
  project,
  month,
  String(lines.length),
  String(unpriced.length),
  total,
  currency,
];

const invoiceRow = ({ number, account, period, zone, lines, total, currency }: IssuedInvoiceView): string[] => [
  number,
  account.id,
  dayIn(period.start, zone),
  String(lines.length),
  total,
  currency,
];

const closedRows = ({
  account,
  outcome,
  number = "",
  total = "",
  currency = "",
  reasons = [],
}: ClosedRow): string[][] => [
  [account, outcome, number, total, currency],
  ...reasons.map((reason) => ["", reason, "", "", ""]),
];

const waiverRow = ({ number, account, check, by, reason, says }: Waiver): string[] => [
  number,
  account,
  check,
  by,
  reason,
  says,
];
