import { writeFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { answered, Refused, said } from "../client.ts";
import { asking, type Filters, pick } from "./asking.ts";
import type { DoorOptions, Surroundings } from "./door.ts";

const KINDS = ["focus", "lines", "xlsx", "journal", "hledger", "beancount", "datev", "xero", "quickbooks"] as const;

interface ExportOptions extends DoorOptions, Filters {
  readonly csv?: boolean;
  readonly parquet?: boolean;
  readonly dataset: "cost-and-usage" | "invoice-detail" | "billing-period";
  readonly focus: "1.4" | "1.2";
  readonly out?: string;
}

/** A period's documents for spreadsheets, cost tools and accounting. */
export function addExports(program: Command, surroundings: Surroundings): void {
  const { tool, api } = asking(program, surroundings);

  tool("export", "a period's documents as one file: for a spreadsheet, a FOCUS reader, or the books")
    .argument("<kind>", `one of ${KINDS.join(", ")}`)
    .option(
      "--period <period>",
      "a month such as 2026-03, or two instants in UTC apart by a slash (default: this month)",
    )
    .option("--project <id>", "only this project's")
    .option("--csv", "FOCUS as CSV (the default)")
    .option("--parquet", "FOCUS as Parquet")
    .addOption(
      new Option("--dataset <name>", "of FOCUS")
        .choices(["cost-and-usage", "invoice-detail", "billing-period"])
        .default("cost-and-usage"),
    )
    .addOption(new Option("--focus <version>", "the version of FOCUS").choices(["1.4", "1.2"]).default("1.4"))
    .option("--out <file>", "write it into a file (default: to standard output)")
    .action(async (kind: string, options: ExportOptions) => {
      if (kind === "readings")
        throw new Refused(
          "readings are written from where they rest: raingauge store export STORE FOLDER --period 2026-01-05/2026-01-12",
        );
      if (!KINDS.some((known) => known === kind))
        throw new Refused(`there is no export "${kind}": it is one of ${KINDS.join(", ")}`);
      const query = pick(options, ["period", "project"]);
      const bytes = Buffer.from(
        await answered(
          kind === "focus"
            ? api(options).GET("/v1/exports/focus", {
                params: { query: { ...query, ...focusQuery(options) } },
                parseAs: "arrayBuffer",
              })
            : api(options).GET("/v1/exports/{format}", {
                params: { path: { format: said(kind) }, query },
                parseAs: "arrayBuffer",
              }),
        ),
      );
      if (options.out === undefined) process.stdout.write(bytes);
      else writeFileSync(options.out, bytes);
    });
}

function focusQuery({ dataset, focus: version, parquet, json }: ExportOptions) {
  const encoding = parquet === true ? "parquet" : json === true ? "json" : "csv";
  return { dataset, version, encoding } as const;
}
