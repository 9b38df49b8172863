import { parseDecimal, rational } from "@raingauge/domain";
import { book, price, tiers } from "@raingauge/test/generators/usage.ts";
import { describe, expect, it } from "vitest";
import { priceBookDifferences } from "./price-book-differences.ts";

const small = price({ sku: "small", where: { flavor: "m1.small" } });

describe("what differs between two books", () => {
  it("is nothing for the same prices under another version", () => {
    expect(priceBookDifferences(book([small]), book([small], { version: "2" }))).toEqual([]);
  });

  it("is an article that came, one that went, and of one that changed the fields that did", () => {
    const before = book([small, price({ sku: "old", where: { flavor: "a" } })]);
    const after = book([{ ...small, tiers: tiers(["0.03"]) }, price({ sku: "new", where: { flavor: "b" } })], {
      discountPercent: parseDecimal("5"),
    });

    const found = priceBookDifferences(before, after);

    expect(found.map(({ what, change }) => `${what} ${change}`)).toEqual([
      "discountPercent added",
      "price new added",
      "price old removed",
      "price small changed",
    ]);
    expect(found.at(-1)).toMatchObject({
      before: { tiers: [{ amount: "1/50" }] },
      after: { tiers: [{ amount: "3/100" }] },
    });
  });

  it("is an allowance that only one has", () => {
    expect(priceBookDifferences(book([small]), book([{ ...small, allowance: rational(5n) }]))).toEqual([
      { what: "price small", change: "changed", before: {}, after: { allowance: "5/1" } },
    ]);
  });
});
