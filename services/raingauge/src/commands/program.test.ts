import { expect, it } from "vitest";
import { program } from "./program.ts";

/** Settings that no part would take. */
const BROKEN = { RAINGAUGE_DATA: "not/a/full/path", RAINGAUGE_LISTEN_PORT: "a door" };

const commands = program(BROKEN).commands;

it("has every command of the design", () => {
  expect(commands.map((command) => command.name())).toEqual(
    expect.arrayContaining([
      ...["up", "demo", "replay", "usage", "cost", "invoice", "why", "verify", "rejected", "check-config"],
    ]),
  );
});

it.each(commands.map((command) => ({ name: command.name(), command })))(
  "says how $name is used",
  ({ name, command }) => {
    const help = command.helpInformation();

    expect(help).toMatch(new RegExp(`^Usage: raingauge ${name} .*\\n\\n\\S+`));
    for (const line of help
      .slice(help.indexOf("Options:"))
      .split("\n")
      .slice(1)
      .filter((each) => /^ {2}-/.test(each)))
      expect(line, "an option that says what it does").toMatch(/ {2}\S.* {2,}\S/);
  },
);

it("offers --json wherever it answers something", () => {
  const silent = commands.filter((command) => !command.options.some(({ long }) => long === "--json"));

  expect(silent.map((command) => command.name())).toEqual(["up"]);
});
