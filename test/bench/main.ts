import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandOf, HELP } from "./command.ts";
import { type Report, reportOf } from "./report.ts";
import { growthText, text } from "./text.ts";

const command = commandOf(process.argv.slice(2));
switch (command.kind) {
  case "help":
    console.log(HELP);
    break;
  case "refused":
    console.error(command.sentence);
    process.exitCode = 2;
    break;
  case "run":
    await run(command);
}

async function run({ benchmarks, scale, growth, json }: Extract<typeof command, { kind: "run" }>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
  const reports: Report[] = [];
  for (const times of growth)
    reports.push(await reportOf(benchmarks, { scale: scale * times, folder, say: (doing) => console.error(doing) }));
  const [only] = reports;
  const whole = only !== undefined && reports.length === 1 ? only : reports;
  console.log(
    json
      ? JSON.stringify(whole, undefined, 2)
      : reports.length === 1
        ? reports.map(text).join("")
        : growthText(reports),
  );
}
