import { existsSync, readFileSync } from "node:fs";
import type { PriceBook } from "@raingauge/domain";
import type { BookDifference, Remark } from "@raingauge/wire";
import type { Command } from "commander";
import { answered, Refused, type Service, said, yaml } from "../client.ts";
import { table } from "../print.ts";
import { asking, everyItem, print } from "./asking.ts";
import type { DoorOptions, Surroundings } from "./door.ts";

/** A book with warnings is not a book with errors, and a script may want to tell them apart. */
const EXIT_WARNINGS = 1;
const EXIT_ERRORS = 2;

/** Price books: check one, publish it, look at those that are published, and wonder what another would have cost. */
export function addPrices(program: Command, surroundings: Surroundings): void {
  const price = program.command("price").description("price books: check, publish, schedule, list, show, compare");
  const { tool, api } = asking(price, surroundings);

  tool("lint", "say all that is wrong or surprising in a price book, and what it would leave without a price")
    .argument("<file>", "the price book in YAML or JSON")
    .option("--months <count>", "compare it with the usage of so many months", "3")
    .option("--offline", "look at the file alone")
    .action(async (file: string, options: DoorOptions & { months: string; offline?: boolean }) => {
      const found = options.offline === true ? undefined : reachable(() => api(options));
      const remarks = await remarksOn(readFileSync(file, "utf8"), options.months, found);
      const unseen = found === undefined && options.offline !== true;
      print(options, { publishable: remarks.every(({ severity }) => severity !== "error"), remarks }, () =>
        [
          ...remarks.map((remark) => remarkLine(file, remark)),
          ...(remarks.length === 0 ? ["nothing is wrong"] : []),
          ...(unseen ? ["not compared with usage: no Raingauge runs here (--url says where one does)"] : []),
        ].join("\n"),
      );
      if (remarks.length > 0)
        process.exitCode = remarks.some(({ severity }) => severity === "error") ? EXIT_ERRORS : EXIT_WARNINGS;
    });

  tool("publish", "publish a price book, which is never changed from then on")
    .argument("<file>", "the price book in YAML or JSON")
    .requiredOption("--from <instant>", "from when it prices usage: 2026-03-01T00:00:00Z, or a month, 2026-03")
    .option("--retroactive", "it may change prices of the past")
    .action(async (file: string, options: DoorOptions & { from: string; retroactive?: boolean }) => {
      await publish(api(options), file, options.from, options);
    });

  tool("schedule", "publish a price book as the successor from the 1st of a month on")
    .argument("<file>", "the price book in YAML or JSON")
    .option("--month <month>", "which month, such as 2026-03 (default: the next one)", "next-month")
    .action(async (file: string, options: DoorOptions & { month: string }) => {
      await publish(api(options), file, options.month, options);
    });

  tool("list", "the published price books").action(async (options: DoorOptions) => {
    const books = await everyItem(api(options), "/v1/price-books", {});
    print(options, books, () =>
      table(["name", "version", "state", "from", "published", "currency"], books.map(bookRow), 99),
    );
  });

  tool("show", "one published price book, every number exact")
    .argument("<book>", "its name and version, standard@2026-01")
    .action(async (named: string, options: DoorOptions) => {
      const book = await published(api(options), named);
      print(options, book, () => JSON.stringify(book.content, undefined, 2));
    });

  tool("diff", "what differs between two price books")
    .argument("<before>", "a file, or a published book as name@version")
    .argument("<after>", "the same")
    .action(async (before: string, after: string, options: DoorOptions) => {
      const { priceBookDifferences } = await import("@raingauge/wire");
      const differences = priceBookDifferences(await bookOf(before, options), await bookOf(after, options));
      print(options, differences, () =>
        differences.length === 0 ? "no difference" : differences.map(differenceText).join("\n"),
      );
    });

  tool("what-if", "what a month would have cost under another price book")
    .argument("<file>", "the price book in YAML or JSON")
    .requiredOption("--period <month>", "a month such as 2026-03")
    .option("--sku", "for each article of each project")
    .action(async (file: string, options: DoorOptions & { period: string; sku?: boolean }) => {
      const answer = await answered(
        api(options).POST("/v1/price-books/what-if", {
          params: { query: { period: options.period } },
          ...yaml(readFileSync(file, "utf8")),
        }),
      );
      print(options, answer, () => whatIfText(answer, options.sku === true));
    });

  const bookOf = async (named: string, options: DoorOptions): Promise<PriceBook> => {
    const { decodePriceBook, parsePriceBook } = await import("@raingauge/wire");
    if (existsSync(named)) return parsePriceBook(readFileSync(named, "utf8"), named);
    return decodePriceBook(JSON.stringify((await published(api(options), named)).content));
  };
}

/** Where nothing runs the file is all there is to look at. */
function reachable(api: () => Service): Service | undefined {
  try {
    return api();
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

async function remarksOn(text: string, months: string, api: Service | undefined): Promise<readonly Remark[]> {
  if (api === undefined) return (await import("@raingauge/wire")).lintPriceBook(text).remarks;
  const query = { months: said<number>(months) };
  return (await answered(api.POST("/v1/price-books/lint", { params: { query }, ...yaml(text) }))).remarks;
}

const remarkLine = (file: string, { line, path, severity, says }: Remark): string =>
  `${file}:${line}: ${severity}: ${path === "" ? "" : `${path}: `}${says}`;

async function publish(
  api: Service,
  file: string,
  from: string,
  options: DoorOptions & { retroactive?: boolean },
): Promise<void> {
  const query = { validFrom: from, ...(options.retroactive === true ? { retroactive: "true" as const } : {}) };
  const book = await answered(api.POST("/v1/price-books", { params: { query }, ...yaml(readFileSync(file, "utf8")) }));
  print(options, book, () =>
    [`published ${book.name} ${book.version} from ${book.validFrom}, digest ${book.digest}`, ...book.warnings].join(
      "\n",
    ),
  );
}

async function published(api: Service, named: string): Promise<BookAnswer> {
  const books = await everyItem(api, "/v1/price-books", {});
  const book = books.find(({ name, version }) => `${name}@${version}` === named);
  if (book === undefined) throw new Refused(`there is no file and no published price book ${named}: say name@version`);
  return book;
}

interface BookAnswer {
  readonly name: string;
  readonly version: string;
  readonly state: string;
  readonly currency: string;
  readonly validFrom: string;
  readonly publishedAt: string;
  readonly digest: string;
  readonly warnings: readonly string[];
  readonly content: unknown;
}

const bookRow = ({ name, version, state, validFrom, publishedAt, currency }: BookAnswer): string[] => [
  name,
  version,
  state,
  validFrom,
  publishedAt,
  currency,
];

const differenceText = ({ what, change, before, after }: BookDifference): string =>
  [
    `${what}: ${change}`,
    ...(before === undefined ? [] : [`  - ${JSON.stringify(before)}`]),
    ...(after === undefined ? [] : [`  + ${JSON.stringify(after)}`]),
  ].join("\n");

interface Amounts {
  readonly before: string;
  readonly after: string;
  readonly difference: string;
}

interface WhatIfAnswer extends Amounts {
  readonly period: string;
  readonly currency: string;
  readonly present: { readonly name: string; readonly version: string };
  readonly candidate: { readonly name: string; readonly version: string };
  readonly accounts: readonly (Amounts & { readonly account: string })[];
  readonly projects: readonly (Amounts & {
    readonly project: string;
    readonly skus: readonly (Amounts & { readonly sku: string })[];
  })[];
}

function whatIfText(answer: WhatIfAnswer, withSkus: boolean): string {
  const row = (first: string, { before, after, difference }: Amounts): string[] => [first, before, after, difference];
  const rows = answer.projects.flatMap((project) => [
    row(project.project, project),
    ...(withSkus ? project.skus.map((sku) => row(`  ${sku.sku}`, sku)) : []),
  ]);
  // Of one that is its own only project the project says it all.
  const accounts = answer.accounts
    .filter(({ account }) => !answer.projects.some(({ project }) => project === account))
    .map((each) => row(`account ${each.account}`, each));
  const [present, candidate] = [answer.present, answer.candidate].map(({ name, version }) => `${name} ${version}`);
  return table(
    [`${answer.period}, ${answer.currency}`, present ?? "", candidate ?? "", "difference"],
    [...rows, ...accounts, row("total", answer)],
    1,
  );
}
