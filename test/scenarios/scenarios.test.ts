import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Sample } from "@raingauge/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../generators/hunt.ts";
import { play } from "./scenario.ts";

const FILES = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".scenario"));
const read = (file: string): string => readFileSync(join(import.meta.dirname, file), "utf8");

describe.each(FILES)("%s", (file) => {
  it("is billed as it is written", () => {
    const played = play(read(file));

    if (process.env["UPDATE"] === "1") writeFileSync(join(import.meta.dirname, file), played);
    else expect(played).toBe(read(file));
  });

  it("is billed the same when every reading comes three times, in any order", () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (chance) => {
        expect(play(read(file), (samples) => scrambled(samples, chance))).toBe(play(read(file)));
      }),
      { numRuns: runs(5) },
    );
  });
});

it("there are scenarios", () => {
  expect(FILES.length).toBeGreaterThanOrEqual(10);
});

describe("a scenario that cannot be understood", () => {
  it.each([
    ["an unknown section", "tariff EUR\n"],
    ["a line without a section", "  vm-1 seen\n"],
    ["a machine that nobody made", "poll every 5m from 12:00\n  vm-1 seen\n"],
    ["a meter that there is not", "prices EUR\n  moon  1 per instance hour\n"],
    ["a unit that the meter has not", "prices EUR\n  instance  1 per GB hour\n"],
    [
      "prices that tie",
      "prices EUR\n  instance  1 per instance hour\n  instance  2 per instance hour\nbill acme 12:00 .. 13:00\n",
    ],
  ])("is refused: %s", (_, script) => {
    expect(() => play(script)).toThrow(SyntaxError);
  });
});

function scrambled(samples: readonly Sample[], chance: Iterator<number>): Sample[] {
  return [...samples, ...samples, ...samples]
    .map((sample) => ({ sample, place: chance.next().value as number }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ sample }) => sample);
}
