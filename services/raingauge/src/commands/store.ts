import { randomUUID } from "node:crypto";
import type { CopiedMonth } from "@raingauge/store/copy";
import type { Command } from "commander";
import { answered, Refused, service } from "../client.ts";
import { table } from "../print.ts";
import { everyItem, print } from "./asking.ts";
import { type DoorOptions, doorOf, type Surroundings, withDoor } from "./door.ts";
import { monthOf, onCopy, refuseWrong, urlOf } from "./store-named.ts";
import { addParquet } from "./store-parquet.ts";

interface CopyOptions {
  readonly from: string;
  readonly to?: string;
  readonly json?: boolean;
}

const TOKENS = `
An InfluxDB's token and a ClickHouse's password are read from RAINGAUGE_COPY_FROM_TOKEN and RAINGAUGE_COPY_TO_TOKEN. Of a DuckDB file that another process
holds a copy is read, as it is now; nothing can be copied into one.`;

interface StoreView {
  readonly watermark: string;
  readonly frozen?: { readonly horizon: string; readonly since: string };
}

/** Moving readings from one store to another is an operator's work, done on the machine that reaches both. */
export function addStore(
  program: Command,
  surroundings: Surroundings,
  tokens: Readonly<Record<string, string | undefined>>,
): void {
  const store = program
    .command("store")
    .description("the stores of readings: making one, how one stands, copying one into another");
  withDoor(
    store
      .command("status")
      .description("up to when readings are stored, what retention froze and what came too late for it"),
  )
    .option("--late <period>", "also the readings of this period that came too late, as 2026-01")
    .action(async (options: DoorOptions & { late?: string }) => {
      const api = service(doorOf(options, surroundings));
      const state = await answered(api.GET("/v1/store"));
      const late =
        options.late === undefined
          ? undefined
          : await everyItem(api, "/v1/late-readings", { query: { period: options.late } });
      print(options, { ...state, ...(late === undefined ? {} : { late }) }, () => statusText(state, late));
    });
  addInit(store, tokens);
  addParquet(store, tokens);
  store
    .command("copy")
    .description("copy whole months from one store into another, and compare what was used, project by project")
    .argument("<source>", "the URL of the store to copy from, as RAINGAUGE_STORE_URL has it")
    .argument("<target>", "the URL of the store to copy into")
    .requiredOption("--from <month>", "the first month, as 2026-01")
    .option("--to <month>", "the last month (default: the first)")
    .option("--json", "print JSON")
    .addHelpText("after", TOKENS)
    .action(async (source: string, target: string, options: CopyOptions) => {
      const [first, last] = [monthOf(options.from), monthOf(options.to ?? options.from)];
      if (last < first) throw new Refused("the last month is before the first");
      const [{ at }, { openStore }, { openToRead }, { copyMonths }] = await Promise.all([
        import("@raingauge/domain"),
        import("@raingauge/store/open"),
        import("@raingauge/store/reading"),
        import("@raingauge/store/copy"),
      ]);
      const clock = () => at(Date.now());
      await using from = await openToRead(await urlOf(source), {
        clock,
        token: tokens["RAINGAUGE_COPY_FROM_TOKEN"],
        onCopy,
      });
      await using to = await openStore(await urlOf(target), { clock, token: tokens["RAINGAUGE_COPY_TO_TOKEN"] });
      const copied: CopiedMonth[] = [];
      for await (const month of copyMonths({ from, to, first, last, name: randomUUID() })) {
        copied.push(month);
        process.stderr.write(`${month.month}: ${month.stored} stored, ${month.duplicates} there already\n`);
      }
      print(options, copied, () => report(copied));
      if (copied.some(({ projects }) => projects.some(isDifferent))) process.exitCode = 1;
    });
}

interface InitOptions {
  readonly cluster?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** A server is not ours alone: nothing is made on it but by this command. */
function addInit(store: Command, tokens: Readonly<Record<string, string | undefined>>): void {
  store
    .command("init")
    .description("make what a store needs before its first reading; to do it again changes nothing")
    .argument("[store]", "the URL of the store (default: RAINGAUGE_STORE_URL)")
    .option(
      "--cluster <name>",
      "of a ClickHouse: on all servers of this cluster, each table replicated and spread over its shards",
    )
    .option("--dry-run", "of a ClickHouse: print the commands and run none")
    .option("--json", "print JSON")
    .addHelpText("after", INIT_TOKEN)
    .action(async (said: string | undefined, { cluster, dryRun, ...options }: InitOptions) => {
      const url = await urlOf(said ?? tokens["RAINGAUGE_STORE_URL"] ?? "");
      if (cluster !== undefined) url.searchParams.set("cluster", cluster);
      refuseWrong(url, await import("@raingauge/store/open"));
      if (dryRun === true) {
        process.stdout.write(await dryRunOf(url));
        return;
      }
      const { initialiseStore } = await import("@raingauge/store/initialise");
      const made = await initialiseStore(url, tokens["RAINGAUGE_STORE_TOKEN"]);
      print(options, made, () => [...made.told, ...tokenLines(made.token)].join("\n"));
    });
}

async function dryRunOf(url: URL): Promise<string> {
  const { storeSchema } = await import("@raingauge/store/open");
  const schema = storeSchema(url);
  if (schema === undefined) throw new Refused("only of a store on a ClickHouse the commands can be printed");
  return schema.map((command) => `${command};\n\n`).join("");
}

const INIT_TOKEN = `
RAINGAUGE_STORE_TOKEN must be allowed to make what is missing: of InfluxDB 2 an operator's or all-access token, of 1 an
administrator's user:password, of a ClickHouse the user's password. What is there already is left as it is. A token that is made
is printed once.`;

const tokenLines = (token: string | undefined): string[] =>
  token === undefined ? [] : ["", "The processes need this as RAINGAUGE_STORE_TOKEN; it is not shown again:", token];

interface LateView {
  readonly project: string;
  readonly meter: string;
  readonly resource: string;
  readonly readings: number;
  readonly first: string;
  readonly last: string;
}

function statusText({ watermark, frozen }: StoreView, late: readonly LateView[] | undefined): string {
  const kept =
    frozen === undefined
      ? "every reading is kept (RAINGAUGE_RETENTION says for how long)"
      : `hours before ${frozen.horizon} are frozen since ${frozen.since}; their readings are gone`;
  const told = [`stored up to ${watermark}`, kept];
  if (late === undefined) return told.join("\n");
  if (late.length === 0) return [...told, "nothing came too late"].join("\n");
  const rows = late.map((each) => [
    each.project,
    each.meter,
    each.resource,
    String(each.readings),
    each.first,
    each.last,
  ]);
  return [...told, table(["project", "meter", "resource", "late readings", "first", "last"], rows, 99)].join("\n");
}

const isDifferent = ({ from, to }: CopiedMonth["projects"][number]): boolean => from !== to;

function report(copied: readonly CopiedMonth[]): string {
  const rows = copied.flatMap(({ month, projects }) =>
    projects.map((each) => [month, each.project, each.from.slice(0, 12), isDifferent(each) ? "differs" : "equal"]),
  );
  return table(["month", "project", "digest", "usage"], rows, 99);
}
