import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { Refused } from "../client.ts";
import type { PeriodOptions } from "../export-period.ts";
import { print } from "./asking.ts";
import { onCopy, urlOf } from "./store-named.ts";

interface ExportOptions extends PeriodOptions {
  readonly json?: boolean;
}

/** For an archive, another tool, or another Raingauge. */
export function addParquet(store: Command, tokens: Readonly<Record<string, string | undefined>>): void {
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
      const [{ periodToExport }, { at }, { openToRead }, { exportPeriod }] = await Promise.all([
        import("../export-period.ts"),
        import("@raingauge/domain"),
        import("@raingauge/store/reading"),
        import("@raingauge/store/parquet"),
      ]);
      const period = periodToExport(options);
      mkdirSync(folder, { recursive: true });
      await using from = await openToRead(await urlOf(said), { clock: () => at(Date.now()), token, onCopy });
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
      const [{ at }, { openStore }, { importFolder }] = await Promise.all([
        import("@raingauge/domain"),
        import("@raingauge/store/open"),
        import("@raingauge/store/parquet"),
      ]);
      await using to = await openStore(await urlOf(said), { clock: () => at(Date.now()), token });
      const taken = await importFolder({ to, folder, name: randomUUID() });
      const { stored, duplicates, late } = taken;
      print(options, taken, () => `${stored} stored, ${duplicates} there already, ${late} for frozen hours`);
    });
}

const PARQUET_TOKEN = `
The store's token is read from RAINGAUGE_STORE_TOKEN. Of a DuckDB file that another process holds a copy is exported, as it is now (in TMPDIR, which must
have the room); nothing can be imported into one.`;
