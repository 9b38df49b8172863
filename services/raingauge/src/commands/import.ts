import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { answered, type Door, Refused, service } from "../client.ts";
import type { CloudKittyReport } from "../import/cloudkitty.ts";
import type { GnocchiReport } from "../import/gnocchi.ts";
import { progressFile } from "../import/progress-file.ts";
import { type SourceOptions, sourceOf, withSource } from "../import/source.ts";
import { print, progress } from "./asking.ts";
import { type DoorOptions, doorOf, doorplate, type Surroundings, withDoor } from "./door.ts";

/** Takes over what another system has. Its exit code is 2 where both sides do not say the same afterwards. */
export function addImport(program: Command, surroundings: Surroundings): void {
  const group = program.command("import").description("take over what CloudKitty or Gnocchi has");

  withSource(
    withDoor(group.command("cloudkitty")),
    "its API's endpoint, as Keystone's catalog has it; or for the rules alone, its database as postgresql://user@host/cloudkitty (the password in PGPASSWORD), or the file of a dump of mysqldump or pg_dump",
  )
    .description(
      "take over hashmap rules, paused projects, and what was rated, from a CloudKitty; ends with both summaries compared",
    )
    .option("--begin <day>", "rated data from here on (default: only the rules)")
    .option("--end <day>", "up to here: from then on Raingauge rates")
    .option("--dry-run", "only say what would be taken over")
    .option("--progress-file <file>", "remember finished days in it, and go on from there")
    .option("--price-book <file>", "write the rules that are then in force as a price book; needs --currency")
    .option("--currency <code>", "of that price book, e.g. EUR")
    .action(async (options: DoorOptions & SourceOptions & ImportOptions) => {
      if ((options.begin === undefined) !== (options.end === undefined))
        throw new Refused("say both --begin and --end, or neither");
      const [{ edge, importCloudKitty }, { cloudKittyOf }] = await Promise.all([
        import("../import/cloudkitty.ts"),
        import("../import/cloudkitty-source.ts"),
      ]);
      const report = await importCloudKitty({
        source: cloudKittyOf(options, surroundings.env),
        door: doorOf(options, surroundings),
        span:
          options.begin === undefined || options.end === undefined
            ? undefined
            : { begin: edge(options.begin), end: edge(options.end) },
        dryRun: options.dryRun ?? false,
        progress: progressFile(options.progressFile, options.from),
        tell: progress,
      });
      progress("");
      const left = await priceBook(doorOf(options, surroundings), options);
      print(options, { ...report, left }, () =>
        [sentences(report), ...left.map((reason) => `not in the price book: ${reason}`)].join("\n"),
      );
      if (report.differences.length > 0 || report.rules.refused.length > 0) process.exitCode = EXIT_DIFFERS;
    });

  withSource(group.command("gnocchi"), "its API's endpoint, as Keystone's catalog has it")
    .description("take over resources and measures from a Gnocchi's API, as readings")
    .requiredOption("--begin <day>", "measures from here on")
    .requiredOption("--end <day>", "up to here")
    .option("--region <name>", "the region that it measured", "RegionOne")
    .option("--nats <url>", "the bus (default: that of the `up` that runs from the data folder)")
    .option("--data <folder>", "the data folder of a running `up`")
    .option("--dry-run", "only say what would be taken over")
    .option("--progress-file <file>", "remember finished resources in it, and go on from there")
    .option("--json", "print the report as JSON")
    .action(async (options: DoorOptions & SourceOptions & ImportOptions & GnocchiOptions) => {
      const [{ importGnocchi }, { edge }] = await Promise.all([
        import("../import/gnocchi.ts"),
        import("../import/cloudkitty.ts"),
      ]);
      const bus = options.dryRun === true ? undefined : await busOf(options, surroundings);
      try {
        const report = await importGnocchi({
          source: sourceOf(options, surroundings.env),
          span: { begin: edge(options.begin ?? ""), end: edge(options.end ?? "") },
          region: options.region,
          publish: bus && (async (packet) => void (await bus.publish(packet))),
          progress: progressFile(options.progressFile, options.from),
          tell: progress,
        });
        progress("");
        print(options, report, () => gnocchiSentences(report));
      } finally {
        await bus?.[Symbol.asyncDispose]();
      }
    });
}

interface GnocchiOptions {
  readonly region: string;
  readonly nats?: string;
}

async function busOf({ nats, data }: GnocchiOptions & DoorOptions, { dataFolder }: Surroundings) {
  const url = nats ?? doorplate(data ?? dataFolder)?.natsUrl;
  if (url === undefined)
    throw new Refused('no bus to publish on: start "raingauge up", or name a nats-server with --nats');
  const { jetStreamBus } = await import("@raingauge/bus/jetstream");
  return jetStreamBus({ url, name: "import" });
}

function gnocchiSentences({
  dryRun,
  resources,
  measures,
  readings,
  unknown,
  unaveraged,
  ownerless,
}: GnocchiReport): string {
  const left = (metrics: GnocchiReport["unknown"], reason: string): string[] =>
    Object.entries(metrics)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => `left out: ${name} of ${count} resources, ${reason}`);
  return [
    `${dryRun ? "would take over" : "took over"} ${measures} measures of ${resources} resources, as ${readings} readings`,
    ...(ownerless === 0 ? [] : [`${ownerless} resources belong to no project, and were left out`]),
    ...left(unknown, "which no meter here stands for"),
    ...left(unaveraged, "of which neither means nor single readings are kept"),
  ].join("\n");
}

/** Everything was done, and something is not as it was: a person should look. */
const EXIT_DIFFERS = 2;

/** Writes it where it was asked for, and says what it does not say. */
async function priceBook(door: Door, { priceBook: file, currency }: ImportOptions): Promise<readonly string[]> {
  if (file === undefined) return [];
  if (currency === undefined) throw new Refused("a price book has a currency: say it with --currency");
  const body = { name: "standard", version: "from-cloudkitty", currency };
  const made = await answered(service(door).POST("/v1/cloudkitty/price-book", { body }));
  writeFileSync(file, made.book);
  return made.left;
}

interface ImportOptions {
  readonly priceBook?: string;
  readonly currency?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly dryRun?: boolean;
  readonly progressFile?: string;
}

function sentences({ dryRun, rules, scripts, days, points, differences, handover }: CloudKittyReport): string {
  const added = Object.entries(rules.added).map(([kind, count]) => `${count} ${kind}${count === 1 ? "" : "s"}`);
  return [
    `${dryRun ? "would take over" : "took over"} ${added.length === 0 ? "no rule" : added.join(", ")}; ${rules.known} were there already`,
    ...rules.refused.map((reason) => `not taken over: ${reason}`),
    ...scripts.map(
      (name) => `not taken over: the script ${name}, which is a program; say it as hashmap rules or in a price book`,
    ),
    ...(days === 0 ? [] : [`${points} rated points of ${days} days`]),
    ...differences.map(({ project, type, theirs, ours }) => `${project} ${type}: they say ${theirs}, we say ${ours}`),
    ...(handover === undefined
      ? []
      : [`${differences.length === 0 ? "both summaries are equal; " : ""}from ${handover} on Raingauge rates`]),
  ].join("\n");
}
