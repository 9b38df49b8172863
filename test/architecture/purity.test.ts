import { describe, expect, it } from "vitest";
import { isTest, type Source, sourcesOf, workspaces } from "./workspaces.ts";

const production = workspaces.flatMap(sourcesOf).filter(({ path }) => !isTest(path));
const domain = production.filter(({ path }) => path.startsWith("services/lib/domain/"));

/** Each is a way for the same readings to give another bill tomorrow. */
const CLOCK_AND_CHANCE =
  /\b(?:Date|performance|Temporal|Intl|setTimeout|setInterval|setImmediate|process|crypto|globalThis)\b|\bMath\.random\b/;

/** Each is a way for an amount to become a float. `Math.floor` and its like throw at a bigint, and so can only meet an instant. */
const FLOAT =
  /\b(?:Number|parseFloat|parseInt)\s*\(|\bMath\.(?!floor|ceil|min|max|abs|trunc)|\.toFixed\b|\b\d[\d_]*\.\d/;

/** Where what is made a number is an instant, a day or a rank, or a whole number that fits, to be divided with its rest. */
const WHOLE = ["instant.ts", "day.ts", "timeline.ts", "divisor.ts"].map((file) => `services/lib/domain/src/${file}`);

describe("domain", () => {
  it("is there to be looked at", () => {
    expect(domain.length).toBeGreaterThan(10);
  });

  it("imports nothing, not even Node", () => {
    const imports = domain.flatMap(({ path, imports }) => imports.map((name) => `${path} imports ${name}`));

    expect(imports.filter((line) => !/ imports \.\.?\//.test(line))).toEqual([]);
  });

  it("knows no clock, no chance and no surroundings", () => {
    expect(found(domain, CLOCK_AND_CHANCE)).toEqual([]);
  });

  it("lets no float near an amount", () => {
    const amounts = domain.filter(({ path }) => !WHOLE.includes(path));

    expect(found(amounts, FLOAT)).toEqual([]);
  });
});

/** Meters are named everywhere; the operator's own are added once, before the first is asked for, and frozen then. */
const CATALOGUE =
  "services/lib/domain/src/meters.ts: let catalogue: Catalogue & { isRead: boolean } = { ...catalogueOf([]), isRead: false };";

describe("production code", () => {
  it("keeps no state in a module", () => {
    const held = found(production, /^(?:export )?(?:let|var) /m);

    expect(held.filter((line) => line !== CATALOGUE)).toEqual([]);
  });
});

const found = (sources: readonly Source[], pattern: RegExp): string[] =>
  sources.flatMap(({ path, code }) => {
    const line = code.split("\n").find((candidate) => pattern.test(candidate));
    return line === undefined ? [] : [`${path}: ${line.trim()}`];
  });

describe("a clock that can be set", () => {
  it("is made by a rehearsal alone, so that no process in production can have one", () => {
    const users = production.filter(({ imports }) => imports.some((name) => name.endsWith("/settable-clock.ts")));

    expect(users.map(({ path }) => path)).toEqual(["services/raingauge/src/rehearsal/rehearse.ts"]);
  });
});
