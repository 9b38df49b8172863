import {
  ConfigError,
  type Environment,
  EXIT_CONFIG,
  EXIT_FAILED,
  jsonLog,
  readConfig,
  run,
  VERSION,
} from "@raingauge/runtime";
import { Command } from "commander";
import { dataFolderReader } from "../data-folder.ts";
import type { DemoOptions } from "../demo/demo.ts";
import type { RehearsalOptions } from "../rehearsal/rehearse.ts";
import type { up } from "../up.ts";
import { addAccounts } from "./accounts.ts";
import { addAdministration } from "./administration.ts";
import { addAgents } from "./agents.ts";
import { addBackup } from "./backup.ts";
import { addBills } from "./bills.ts";
import { addBudgets } from "./budgets.ts";
import { addCorrections } from "./corrections.ts";
import { addCredits } from "./credits.ts";
import { addDoctor } from "./doctor.ts";
import type { Surroundings } from "./door.ts";
import { addDraft } from "./draft.ts";
import { addExports } from "./exports.ts";
import { addImport } from "./import.ts";
import { addKeystone } from "./keystone.ts";
import { addPrices } from "./prices.ts";
import { addProof } from "./proof.ts";
import { addSetAside } from "./set-aside.ts";
import { addStore } from "./store.ts";
import { addTry } from "./try.ts";

/**
 * The command, with everything that it can be asked. What a command needs to do its work is imported when it is called: whoever
 * asks one question of the API, or for --help, must not wait until all servers, stores and renderers are read.
 */
export function program(env: Environment): Command {
  const root = new Command("raingauge")
    .description("Meters an OpenStack cloud and turns what it metered into invoices that can be defended.")
    .version(VERSION)
    .showHelpAfterError("(--help says what there is)");

  root
    .command("up")
    .description("run everything in one process, on embedded stores, until interrupted")
    .addHelpText("after", SETTINGS)
    .action(async () => {
      const [{ config }, { up }] = await Promise.all([import("../config.ts"), import("../up.ts")]);
      await run("raingauge", config, explained(up));
    });

  root
    .command("demo")
    .description("play a recorded OpenStack over last month, close the month and show the invoices")
    .option("--once", "end when the invoices are printed")
    .option("--json", "print the invoices as JSON")
    .option("--late", "hear of one release only after the month is closed; then correct its invoice and say why")
    .option("--data <folder>", "keep its files here (default: .raingauge/demo; emptied first)")
    .action(async (options: DemoOptions) => (await import("../demo/demo.ts")).demo(options));

  root
    .command("rehearse")
    .description(
      "live through a year in seconds: close, correct and verify twelve months of customers in several zones",
    )
    .option("--year <year>", "which (default: last year)")
    .option("--quick", "keep readings in memory")
    .option("--data <folder>", "keep its files here, where nothing is yet (default: nowhere)")
    .option("--json", "print the result as JSON")
    .action(async (options: RehearsalOptions) => (await import("../rehearsal/rehearse.ts")).rehearse(options));

  root
    .command("replay")
    .description("play a recording of notifications (JSON lines, gzip by its ending) into a running Raingauge")
    .argument("<file>", "the recording")
    .option("--nats <url>", "the bus (default: that of the `up` that runs from the data folder)")
    .option("--data <folder>", "the data folder of a running `up`")
    .option("--region <name>", "the region that it was recorded in", "RegionOne")
    .option("--json", "print the counts as JSON")
    .action(async (file: string, options: { nats?: string; data?: string; region: string; json?: boolean }) => {
      const { replay } = await import("../replay.ts");
      await replay(file, options, surroundings(env), jsonLog("replay", "warn"));
    });

  root
    .command("check-config")
    .description("say all that is wrong with the settings and the price book, at once")
    .option("--price-book <file>", "the price book (default: RAINGAUGE_PRICE_BOOK)")
    .option("--json", "print the problems as JSON")
    .action(checkConfig.bind(undefined, env));

  for (const add of [
    addAccounts,
    addCredits,
    addBills,
    addDraft,
    addBudgets,
    addCorrections,
    addExports,
    addPrices,
    addProof,
    addAdministration,
    addAgents,
    addSetAside,
    addImport,
    addDoctor,
    addKeystone,
    addBackup,
  ])
    add(root, surroundings(env));
  addStore(root, surroundings(env), env);
  addTry(root);
  // Whatever names a meter must know an operator's own. These read the setting themselves, and say what is wrong with it.
  root.hook("preAction", async (_, action) => {
    if (env["RAINGAUGE_DEFINITIONS"] === undefined || READ_THEMSELVES.includes(action.name())) return;
    const { definitionsIn } = await import("../definitions.ts");
    definitionsIn(env);
  });
  return root;
}

const READ_THEMSELVES = ["up", "check-config", "try"];

/** What a person can mend is said in one sentence; anything else is a bug, and ends with its stack. */
const explained =
  (start: typeof up): typeof up =>
  async (settings, tools) => {
    try {
      await start(settings, tools);
    } catch (error) {
      const { sentenceOf } = await import("./sentence.ts");
      const reason = sentenceOf(error);
      if (reason === undefined) throw error;
      tools.log.error("raingauge ended", { reason });
      process.exitCode = EXIT_FAILED;
    }
  };

/** Where the tools look when nothing was typed. A broken configuration must not keep them from answering --help. */
const surroundings = (env: Environment): Surroundings => ({
  env,
  get dataFolder() {
    const { RAINGAUGE_DATA } = env;
    const told = RAINGAUGE_DATA === undefined ? {} : { RAINGAUGE_DATA };
    return readConfig(told, { dataFolder: dataFolderReader(env) }).dataFolder;
  },
});

async function checkConfig(env: Environment, options: { priceBook?: string; json?: boolean }): Promise<void> {
  const { priceBook } = options;
  const problems = await configProblems(priceBook === undefined ? env : { ...env, RAINGAUGE_PRICE_BOOK: priceBook });
  if (options.json === true) process.stdout.write(`${JSON.stringify({ problems }, undefined, 2)}\n`);
  else process.stdout.write(`${problems.length === 0 ? "nothing is wrong" : problems.join("\n")}\n`);
  if (problems.length > 0) process.exitCode = EXIT_CONFIG;
}

async function configProblems(env: Environment): Promise<readonly string[]> {
  const { config } = await import("../config.ts");
  try {
    config(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const SETTINGS = `
Settings, all from the environment (a secret NAME may also be a file named by NAME_FILE):
  RAINGAUGE_DATA           where everything rests (default: /var/lib/raingauge, or your own data folder)
  RAINGAUGE_RABBIT_URL     RabbitMQ with the notifications; a service's transport_url will do, and several,
                           separated by blanks. Without it nothing is heard.
  RAINGAUGE_LIBVIRT_URI    e.g. qemu:///system. Without it nothing is polled.
  RAINGAUGE_POLLER_SCHEDULE  when to poll, as a cron expression (default: every 5 minutes)
  RAINGAUGE_OS_CLOUD       a cloud in clouds.yaml whose APIs are asked; OpenStack's own OS_* variables will do. Without
                           either nothing is swept.
  RAINGAUGE_SWEEP_INTERVAL how often (default: 5m), RAINGAUGE_SWEEP_SOURCES which lists (default: all)
  RAINGAUGE_NATS_URL       a nats-server with JetStream (default: one of its own);
                           RAINGAUGE_NATS_CREDENTIALS, RAINGAUGE_NATS_CA where it asks for them
  RAINGAUGE_LEDGER_URL     a PostgreSQL (default: one of its own)
  RAINGAUGE_STORE_URL      where readings rest: duckdb:/a/path or influxdb+http://host:8086/bucket?organization=name, also
                           influxdb+https; clickhouse+http://user@host:8123/database, also clickhouse+https, ?cluster=name
                           (default: a DuckDB file in the data folder); RAINGAUGE_STORE_TOKEN its token or password
  RAINGAUGE_DEFINITIONS    a folder of meters, events and pollsters of your own, in Ceilometer's formats (docs/definitions.md)
  RAINGAUGE_RETENTION      how old readings become, as 400d, at least 62d (default: for ever)
  RAINGAUGE_REGION         default RegionOne
  RAINGAUGE_ZONE           whose months are billed (default UTC)
  RAINGAUGE_PRICE_BOOK     a price book to publish at start, if it is new
  RAINGAUGE_BOOK           the name of the book that prices usage (default: standard)
  RAINGAUGE_RATING_METRICS CloudKitty's metrics.yml, for its API (default: the metrics that CloudKitty ships)
  RAINGAUGE_CHART_OF_ACCOUNTS  onto which accounts documents are booked (default: SKR03; docs/documents.md)
  RAINGAUGE_SMTP_URL       how budgets' e-mail is sent, smtp://user:password@host:587 or smtps://; RAINGAUGE_MAIL_FROM its sender
  RAINGAUGE_GRACE_HOURS    how long after its end a month is closed (default 6)
  RAINGAUGE_LISTEN_HOST, RAINGAUGE_LISTEN_PORT   default 127.0.0.1 and 8780
  RAINGAUGE_LOG_LEVEL      debug, info, warn or error`;
