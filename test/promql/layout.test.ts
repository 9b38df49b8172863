import { describeWith, prometheusServer } from "@raingauge/harness";
import { laidOut, parse } from "@raingauge/promql";
import { runs, seedOfRun } from "@raingauge/test/generators/hunt.ts";
import { describe, expect, it } from "vitest";
import { shapes } from "./shapes.ts";

const WRITTEN = [
  { given: "sum(rate(x[5m]))by(job)", laid: "sum by (job) (rate(x[5m]))" },
  { given: "a+on(b)group_left(c)d", laid: "a + on (b) group_left (c) d" },
  { given: 'x{a="1",b=~"2"}offset -90m@1.5', laid: 'x{a="1",b=~"2"} @ 1.500 offset -1h30m' },
  { given: "rate(x[5m])[1h:]", laid: "rate(x[5m])[1h:]" },
  { given: "x > bool 2 and y", laid: "x > bool 2 and y" },
  { given: "topk without(a)(3,x)", laid: "topk without (a) (3, x)" },
];

const QUERIES = shapes(seedOfRun(), runs(170)).map((text) =>
  text.replace("holt_winters", "double_exponential_smoothing"),
);

describe("a query laid out", () => {
  it.each(WRITTEN)("$given", ({ given, laid }) => {
    expect(laidOut(given)).toBe(laid);
  });

  it("means what it meant, and is laid out already", () => {
    const more = [
      "(a + b) * c",
      "a - (b - c)",
      "(a ^ b) ^ c",
      "-(a + b)",
      "(-a) ^ 2",
      "-a ^ 2",
      "a or b and c",
      "(a or b) and c",
    ];
    for (const text of [...QUERIES, ...more, `${"(a + b) * ".repeat(20)}c`, `sum(${"a + ".repeat(60)}b)`]) {
      const laid = laidOut(text);

      expect(meant(laid), text).toEqual(meant(text));
      expect(laidOut(laid)).toBe(laid);
    }
  });
});

await describeWith("prometheus", "a query laid out, and laid out by Prometheus", () => {
  it("are alike where no bracket is too many", async () => {
    await using prometheus = await prometheusServer("# EOF\n");
    const differences: unknown[] = [];

    for (const text of [...WRITTEN.map(({ given }) => given), ...QUERIES]) {
      if (/double_exponential|\(\(/.test(text)) continue;
      const answer = await fetch(`${prometheus.url}/api/v1/format_query?${new URLSearchParams({ query: text })}`);
      const { data } = (await answer.json()) as { readonly data: string };
      if (data !== laidOut(text)) differences.push([data, laidOut(text)]);
    }

    expect(differences).toEqual([]);
  });
});

/** What was read, without where it stood and in which order matchers were told. */
const meant = (text: string): unknown =>
  JSON.parse(
    JSON.stringify(parse(text), (key, value) => {
      if (key === "position") return undefined;
      return key === "matchers" ? value.map((matcher: unknown) => JSON.stringify(matcher)).toSorted() : value;
    }),
  );
