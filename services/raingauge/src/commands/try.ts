import type { Command } from "commander";
import type { TryOptions } from "../trying.ts";

export const addTry = (root: Command): Command =>
  root
    .command("try")
    .description("say what definitions (Ceilometer's formats) come to, without any server")
    .argument("<path...>", "files of definitions, or folders of them")
    .option("--message <file>", "a captured notification, or a recording of them (JSON lines, gzip by its ending)")
    .option("--answer <file>", "a captured answer of an API, for the pollsters")
    .option("--pollster <name>", "of several pollsters the one that the answer is for")
    .option("--json", "print it as JSON")
    .action(async (paths: string[], options: TryOptions) =>
      (await import("../trying.ts")).tryDefinitions(paths, options),
    );
