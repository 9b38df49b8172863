import { readFileSync } from "node:fs";
import { SKR03 } from "@raingauge/documents";
import { describe, expect, it } from "vitest";
import { readChart } from "./chart-file.ts";

const example = (name: string): string =>
  readFileSync(new URL(`../../../../docs/examples/chart-${name}.yaml`, import.meta.url), "utf8");

const PLAIN = `name: ours
accounts:
  receivable: { number: 1100 }
  internal: { number: 1190 }
  revenue: { number: 4000 }
  tax: { number: 2200 }
  prepaid: { number: 2400 }
`;

describe("the charts that come with the documentation", () => {
  it.each(["skr03", "skr04", "ifrs"])("%s can be used as it is", (name) => {
    expect(readChart(example(name)).problems).toEqual([]);
  });

  it("SKR03 is the one that is used where none is named", () => {
    expect(readChart(example("skr03")).chart).toEqual(SKR03);
  });
});

describe("a chart of accounts", () => {
  it.each([
    ["an account that is missing", PLAIN.replace(/ {2}tax:.*\n/, ""), [[2, "accounts.tax"]]],
    ["a number that is none", PLAIN.replace("4000", "4000a"), [[5, "accounts.revenue.number"]]],
    [
      "a name that Beancount would not take",
      PLAIN.replace("number: 4000", "number: 4000, name: Revenue"),
      [[5, "accounts.revenue.name"]],
    ],
    ["a word that it does not know", `${PLAIN}debtors: []\n`, [[1, ""]]],
    ["an exception without a condition", `${PLAIN}exceptions:\n  - { of: tax, number: 2201 }\n`, [[9, "exceptions.0"]]],
    [
      "an exception that could never hold",
      `${PLAIN}exceptions:\n  - { of: tax, service: Nova, number: 2201 }\n`,
      [[9, "exceptions.0"]],
    ],
    [
      "two exceptions that may hold together",
      `${PLAIN}exceptions:\n  - { of: revenue, service: Nova, number: 4010 }\n  - { of: revenue, tax: AE0, number: 4020 }\n`,
      [[10, "exceptions.1"]],
    ],
    [
      "a number too long for DATEV",
      `${PLAIN.replace("2200", "22000")}datev: { consultant: 1001, client: 1, digits: 4 }\n`,
      [[6, "accounts.tax"]],
    ],
    [
      "two things at once",
      `${PLAIN.replace("4000", "x").replace("2400", "y")}`,
      [
        [5, "accounts.revenue.number"],
        [7, "accounts.prepaid.number"],
      ],
    ],
  ])("is refused whole for %s, by line", (_name, text, places) => {
    const { chart, problems } = readChart(text);

    expect(chart).toBeUndefined();
    expect(problems.map(({ line, path }) => [line, path])).toEqual(places);
  });

  it("may have exceptions that hold together where a third says what is meant then", () => {
    const text = `${PLAIN}exceptions:
  - { of: revenue, service: Nova, number: 4010 }
  - { of: revenue, tax: AE0, number: 4020 }
  - { of: revenue, service: Nova, tax: AE0, number: 4011 }
`;

    expect(readChart(text).problems).toEqual([]);
  });
});
