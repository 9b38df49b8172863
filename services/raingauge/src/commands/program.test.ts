import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { expect, it } from "vitest";
import { program } from "./program.ts";

/** Settings that no part would take. */
const BROKEN = { RAINGAUGE_DATA: "not/a/full/path", RAINGAUGE_LISTEN_PORT: "a door" };

/** Every command that does something, `price lint` as well as `up`, with the words that it is called by. */
const leaves = (
  parent: Command,
  path: readonly string[] = [],
): { readonly name: string; readonly command: Command }[] =>
  parent.commands.flatMap((command) => {
    const words = [...path, command.name()];
    return command.commands.length > 0 ? leaves(command, words) : [{ name: words.join(" "), command }];
  });

const commands = leaves(program(BROKEN));

it("has every command of the design", () => {
  expect(commands.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      ...["up", "demo", "replay", "usage", "cost", "invoice", "why", "verify", "rejected", "check-config"],
    ]),
  );
});

it.each(commands)("says how $name is used", ({ name, command }) => {
  const help = command.helpInformation();

  expect(help).toMatch(new RegExp(`^Usage: raingauge ${name} .*\\n\\n\\S+`));
  for (const line of help
    .slice(help.indexOf("Options:"))
    .split("\n")
    .slice(1)
    .filter((each) => /^ {2}-/.test(each)))
    expect(line, "an option that says what it does").toMatch(/ {2}\S.* {2,}\S/);
});

it("offers --json wherever it answers something", () => {
  const silent = commands.filter(({ command }) => !command.options.some(({ long }) => long === "--json"));

  expect(silent.map(({ name }) => name)).toEqual(["up"]);
});

it("reads no server, store or renderer until a command is called that needs it", () => {
  const packages = new Set<string>();
  const read = new Set<string>();
  const follow = (file: URL): void => {
    if (read.has(file.href)) return;
    read.add(file.href);
    for (const [, from = ""] of readFileSync(file, "utf8").matchAll(IMPORT)) {
      if (from.startsWith(".")) follow(new URL(from, file));
      else if (!from.startsWith("node:")) packages.add(from);
    }
  };

  follow(new URL("../main.ts", import.meta.url));

  expect(read.size).toBeGreaterThan(20);
  expect([...packages].sort()).toEqual(["@raingauge/client", "@raingauge/runtime", "cli-table3", "commander"]);
});

/** Those that are followed at start: neither types nor what is imported in the midst of work. */
const IMPORT = /^(?:import|export) (?!type )(?:[\w$]+(?:, )?)?(?:\{[^}]*\}|\*)?(?: from )?"([^"]+)";$/gm;
