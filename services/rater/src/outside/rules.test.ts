import { describe, expect, it } from "vitest";
import { readRules } from "./rules.ts";

describe("a file of rules", () => {
  it("is refused as a whole for what is wrong, by line", () => {
    const { rules, problems } = readRules(
      `rules:\n  - metric: a\n    meter: nonsense\n    project: p\n    resource: r\n    factor: much\n  - metric: b\n`,
    );

    expect(rules).toEqual([]);
    expect(problems.map(({ line, says }) => [line, says.split(":")[0]])).toEqual([
      [3, "rules.0.meter"],
      [6, "rules.0.factor"],
      [7, "rules.1.meter"],
      [7, "rules.1.project"],
      [7, "rules.1.resource"],
    ]);
  });

  it.each([
    ["*", "anything", true],
    ["a*", "abc", true],
    ["a*c", "abc", true],
    ["a*c", "ac", true],
    ["ab*ba", "aba", false],
    ["a*b*c", "a-b-c", true],
    ["a*b*c", "a-c-b", false],
    ["a.c", "abc", false],
  ])("takes %s for %s: %s", (metric, name, fits) => {
    const { rules } = readRules(`rules: [{ metric: "${metric}", meter: cpu, project: p, resource: r }]`);

    expect(rules[0]?.matches({ metric: name, labels: {}, at: 0, value: undefined })).toBe(fits);
  });
});
