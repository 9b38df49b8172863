import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { at, type Instant, instant, type Period } from "@raingauge/domain";
import { openStore } from "@raingauge/store/open";
import { exportPeriod, importFolder, periodOf } from "@raingauge/store/parquet";
import { openToRead } from "@raingauge/store/reading";
import type { Command } from "commander";
import { Refused } from "../client.ts";
import { print } from "./asking.ts";
import { monthOf, onCopy, urlOf } from "./store-named.ts";

interface ExportOptions {
  readonly period?: string;
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
}

/** For an archive, another tool, or another Raingauge. */
export function addParquet(store: Command, tokens: Readonly<Record<string, string | undefined>>): void {
  const clock = () => at(Date.now());
  const token = tokens["RAINGAUGE_STORE_TOKEN"];
  store
    .command("export")
    .description("write a period's readings, events and coverage as Parquet files")
    .argument("<store>", "the URL of the store, as RAINGAUGE_STORE_URL has it")
    .argument("<folder>", "where to; it is made, and files of the same names in it are replaced")
    .option(
      "--period <period>",
      "a month of UTC, as 2026-01; or two days or instants of UTC apart by a slash, the second no longer in it",
    )
    .option("--from <month>", "or months: the first, as 2026-01")
    .option("--to <month>", "and the last (default: the first)")
    .option("--json", "print JSON")
    .addHelpText("after", PARQUET_TOKEN)
    .action(async (said: string, folder: string, options: ExportOptions) => {
      const period = periodToExport(options);
      mkdirSync(folder, { recursive: true });
      await using from = await openToRead(urlOf(said), { clock, token, onCopy });
      const written = await exportPeriod({ from, period, folder });
      const { readings, events, coverages } = written;
      print(options, written, () => `${readings} readings, ${events} events and ${coverages} coverages written`);
    });
  store
    .command("import")
    .description("take in Parquet files that `store export` wrote; to do it again stores nothing again")
    .argument("<folder>", "where they are")
    .argument("<store>", "the URL of the store to take them in")
    .option("--json", "print JSON")
    .addHelpText("after", PARQUET_TOKEN)
    .action(async (folder: string, said: string, options: { json?: boolean }) => {
      if (!existsSync(join(folder, "readings.parquet")))
        throw new Refused(
          `there is no readings.parquet in ${folder}: name a folder that "raingauge store export" wrote`,
        );
      await using to = await openStore(urlOf(said), { clock, token });
      const taken = await importFolder({ to, folder, name: randomUUID() });
      const { stored, duplicates, late } = taken;
      print(options, taken, () => `${stored} stored, ${duplicates} there already, ${late} for frozen hours`);
    });
}

const PARQUET_TOKEN = `
The store's token is read from RAINGAUGE_STORE_TOKEN. Of a DuckDB file that another process holds a copy is exported, as it is now (in TMPDIR, which must
have the room); nothing can be imported into one.`;

/** A half-open period, said in one of two ways. */
export function periodToExport({ period, from, to }: ExportOptions): Period {
  if (period === undefined && from === undefined)
    throw new Refused("say what is to be written: --period 2026-01-05/2026-01-12, or --from 2026-01 --to 2026-03");
  if (period !== undefined && (from !== undefined || to !== undefined))
    throw new Refused("a period is said by --period or by --from and --to, not by both");
  const [first, last] = (period ?? `${from}/${to ?? from}`).split("/") as [string, string?];
  if (period === undefined || last === undefined) return months(monthOf(first), monthOf(last ?? first));
  const said = { start: momentOf(first), end: momentOf(last) };
  if (said.end <= said.start) throw new Refused(`the period ends before it has begun: ${period}`);
  return said;
}

function months(first: string, last: string): Period {
  if (last < first) throw new Refused("the last month is before the first");
  return { start: periodOf(first).start, end: periodOf(last).end };
}

function momentOf(said: string): Instant {
  try {
    return instant(/^\d{4}-\d\d-\d\d$/.test(said) ? `${said}T00:00:00Z` : said);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Refused(`neither a day nor an instant of UTC, as 2026-01-05 or 2026-01-05T08:00:00Z: ${said}`);
  }
}
