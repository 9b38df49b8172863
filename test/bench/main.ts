import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandOf, HELP } from "./command.ts";
import { reportOf } from "./report.ts";
import { text } from "./text.ts";

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

async function run({ benchmarks, scale, json }: Extract<typeof command, { kind: "run" }>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
  const report = await reportOf(benchmarks, { scale, folder, say: (doing) => console.error(doing) });
  console.log(json ? JSON.stringify(report, undefined, 2) : text(report));
}
