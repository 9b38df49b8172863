import { existsSync } from "node:fs";
import { type Environment, optional, PREFIX, url } from "@raingauge/runtime";
import type { Command } from "commander";
import type { Manifest } from "../backup/manifest.ts";
import { Refused } from "../client.ts";
import { print } from "./asking.ts";
import type { Surroundings } from "./door.ts";

interface BackupOptions {
  readonly data?: string;
  readonly json?: boolean;
}

const SAYS = `
What Raingauge keeps in files must be at rest: stop \`up\` first (RabbitMQ and the agents keep what comes meanwhile). A ledger
in a PostgreSQL of yours (RAINGAUGE_LEDGER_URL) is dumped while it runs. Readings in an InfluxDB or ClickHouse
(RAINGAUGE_STORE_URL) have a backup of their own; docs/backup.md has the whole of it.`;

/** Everything that must outlive a machine, and how it comes back. */
export function addBackup(program: Command, surroundings: Surroundings): void {
  withData(program.command("backup").description("copy ledger, readings and all else into a new folder, with digests"))
    .argument("<folder>", "where to; new or empty")
    .addHelpText("after", SAYS)
    .action(async (target: string, options: BackupOptions) => {
      const { backup } = await import("../backup/backup.ts");
      const ledgerUrl = ledgerOf(surroundings.env);
      const data = options.data ?? surroundings.dataFolder;
      const made = await backup({
        // Where the processes run apart, their machine may have no data folder at all.
        data: ledgerUrl !== undefined && options.data === undefined && !existsSync(data) ? undefined : data,
        ...{ target, ledgerUrl, storeElsewhere: isElsewhere(surroundings.env), now: new Date() },
      });
      print(options, made, () => `${summary(made)} in ${target}`);
    });

  withData(program.command("restore").description("bring a backup back, into an empty folder and an empty database"))
    .argument("<folder>", "the backup")
    .action(async (source: string, options: BackupOptions) => {
      const { restore } = await import("../backup/restore.ts");
      const data = options.data ?? surroundings.dataFolder;
      const made = await restore({ source, data, ledgerUrl: ledgerOf(surroundings.env) });
      print(options, made, () => `${summary(made)} brought back; start it, then \`raingauge verify\``);
    });
}

const withData = (command: Command): Command =>
  command.option("--data <folder>", "the data folder of `up` (default: RAINGAUGE_DATA)").option("--json", "print JSON");

const LEDGER_URL = optional(url("LEDGER_URL", { schemes: ["postgres:", "postgresql:"] }));

function ledgerOf(env: Environment): URL | undefined {
  const problems: string[] = [];
  const found = LEDGER_URL.read(
    (name) => env[PREFIX + name]?.trim() || undefined,
    (problem) => problems.push(problem),
  );
  if (problems.length > 0) throw new Refused(problems.join("\n"));
  return found;
}

const isElsewhere = ({ RAINGAUGE_STORE_URL: store }: Environment): boolean =>
  store !== undefined && !store.startsWith("duckdb:");

function summary({ files, madeAt, ledger, store }: Manifest): string {
  const bytes = Object.values(files).reduce((sum, each) => sum + each.bytes, 0);
  const without = store === "elsewhere" ? ", without the readings, which rest elsewhere" : "";
  const what = ledger === "dump" ? "the ledger's dump and all files" : "ledger, readings and all else";
  return `${what} of ${madeAt}${without}: ${Object.keys(files).length} files, ${bytes} bytes`;
}
