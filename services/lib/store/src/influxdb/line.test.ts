import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineOf, oneOf, prefixOf, tagOf, untagged } from "./line.ts";

describe("a line", () => {
  it("is written as the line protocol has it, integers as such", () => {
    const prefix = prefixOf("reading", { meter: "cpu", resource: "vm 1,a=b" });

    expect(lineOf(prefix, { value: 2n ** 63n - 1n, said: 'a "word" \\' }, 7n)).toBe(
      String.raw`reading,meter=cpu,resource=vm%00201%002ca%003db value=9223372036854775807i,said="a \"word\" \\" 7`,
    );
  });

  it("takes any text as a tag, and gives it back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(untagged(tagOf(text))).toBe(text);
        expect(tagOf(text)).not.toMatch(/^$|[\s\\,=']/);
      }),
    );
  });

  it("asks for a tag's value without a way out of the quotes", () => {
    expect(oneOf("resource", ["vm' or 1=1"])).toBe(`("resource" = 'vm%0027%0020or%00201%003d1')`);
  });
});
