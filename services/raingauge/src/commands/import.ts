import type { Command } from "commander";
import { Refused } from "../client.ts";
import { type CloudKittyReport, edge, importCloudKitty } from "../import/cloudkitty.ts";
import { progressFile } from "../import/progress-file.ts";
import { type SourceOptions, sourceOf, withSource } from "../import/source.ts";
import { print, progress } from "./asking.ts";
import { type DoorOptions, doorOf, type Surroundings, withDoor } from "./door.ts";

/** Takes over what another system has. Its exit code is 2 where both sides do not say the same afterwards. */
export function addImport(program: Command, surroundings: Surroundings): void {
  const group = program.command("import").description("take over what CloudKitty or Gnocchi has");

  withSource(withDoor(group.command("cloudkitty")), "CloudKitty's API")
    .description(
      "take over hashmap rules, and what was rated, from a CloudKitty's API; ends with both summaries compared",
    )
    .option("--begin <day>", "rated data from here on (default: only the rules)")
    .option("--end <day>", "up to here: from then on Raingauge rates")
    .option("--dry-run", "only say what would be taken over")
    .option("--progress-file <file>", "remember finished days in it, and go on from there")
    .action(async (options: DoorOptions & SourceOptions & ImportOptions) => {
      if ((options.begin === undefined) !== (options.end === undefined))
        throw new Refused("say both --begin and --end, or neither");
      const report = await importCloudKitty({
        source: sourceOf(options, surroundings.env),
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
      print(options, report, () => sentences(report));
      if (report.differences.length > 0 || report.rules.refused.length > 0) process.exitCode = EXIT_DIFFERS;
    });
}

/** Everything was done, and something is not as it was: a person should look. */
const EXIT_DIFFERS = 2;

interface ImportOptions {
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
