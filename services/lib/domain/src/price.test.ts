import { runs } from "@raingauge/test/generators/hunt.ts";
import { book, price, tiers, usage } from "@raingauge/test/generators/usage.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { METERS } from "./meters.ts";
import { type Price, priceOf } from "./price.ts";
import { priceHoles } from "./price-coverage.ts";
import { priceProblems } from "./price-problems.ts";
import { priceWarnings } from "./price-warnings.ts";
import { rational, ZERO } from "./rational.ts";
import type { Dimensions } from "./sample.ts";

const where = (sku: string, dimensions: Price["where"]): Price => price({ sku, where: dimensions });

describe("the price of a usage", () => {
  const ladder = book([
    where("any", {}),
    where("m1", { flavor: "m1.*" }),
    where("small", { flavor: "m1.small" }),
    where("off", { flavor: "*", state: "stopped" }),
    where("small off", { flavor: "m1.small", state: "stopped" }),
    where("s", { flavor: "gpu", state: "s*" }),
  ]);

  it.each([
    [{ flavor: "gpu.big", state: "active" }, "any"],
    [{ flavor: "m1.large", state: "active" }, "m1"],
    [{ flavor: "m1.small", state: "active" }, "small"],
    [{ flavor: "m1.large", state: "stopped" }, "off"],
    [{ flavor: "m1.small", state: "stopped" }, "small off"],
    [{ flavor: "gpu", state: "shelved" }, "s"],
    [{ state: "active" }, "any"],
    [{ flavor: "gpu", state: "soft-delete" }, undefined],
  ])("of %o is the most specific: %s", (dimensions: Dimensions, sku) => {
    expect(priceOf(usage({ dimensions }), ladder)?.sku).toBe(sku);
  });

  it("prefers one value to a list of them, and a list to a pattern", () => {
    const lists = book([
      where("any", { flavor: "*" }),
      where("gpus", { flavor: ["g1.large", "g1.huge"] }),
      where("huge", { flavor: "g1.huge" }),
    ]);
    const skus = ["g1.huge", "g1.large", "g1.small"].map(
      (flavor) => priceOf(usage({ dimensions: { flavor } }), lists)?.sku,
    );

    expect(skus).toEqual(["huge", "gpus", "any"]);
  });

  it("may ask for a region, which every usage has", () => {
    const regions = book([where("any", {}), where("north", { region: "north-*" })]);
    const skus = ["north-1", "south-1"].map((region) => priceOf(usage({ region }), regions)?.sku);

    expect(skus).toEqual(["north", "any"]);
    expect(priceProblems(regions)).toEqual([]);
  });

  it("belongs to its meter", () => {
    expect(priceOf(usage({ meter: "vcpus" }), ladder)).toBeUndefined();
  });

  it("may be one for what two others would tie over, and then it is no tie", () => {
    const prices = [
      where("flavor", { flavor: "a" }),
      where("state", { state: "b" }),
      where("both", { flavor: "a", state: "b" }),
    ];

    expect(priceProblems(book(prices))).toEqual([]);
    expect(priceOf(usage({ dimensions: { flavor: "a", state: "b" } }), book(prices))?.sku).toBe("both");
    expect(priceProblems(book(prices.slice(0, 2)))).toHaveLength(1);
  });

  it("is never a tie in a book without problems, whatever the order of its prices", () => {
    const aPattern = fc.constantFrom("a", "b", "a*", "*b", "*");
    const aWhere = fc.record({ flavor: aPattern, state: aPattern }, { requiredKeys: [] });
    const someWheres = fc.array(aWhere, { minLength: 1, maxLength: 5 });
    const aValue = fc.constantFrom("a", "b", "ab", "c");

    fc.assert(
      fc.property(someWheres, aValue, aValue, (wheres, flavor, state) => {
        const prices = wheres.map((dimensions, index) => where(String(index), dimensions));
        fc.pre(priceProblems(book(prices)).length === 0);
        const used = usage({ dimensions: { flavor, state } });

        expect(priceOf(used, book(prices.toReversed()))).toEqual(priceOf(used, book(prices)));
      }),
      { numRuns: runs(500) },
    );
  });
});

describe("a book is refused", () => {
  const small = price({ sku: "small", where: { flavor: "m1.small" } });
  const gb = { label: "GB", quantity: 10n ** 9n };

  it.each([
    [
      "two prices that tie",
      [small, price({ sku: "nova", where: { image: "cirros" } })],
      ["prices", 1, "where"],
      "prices small and nova overlap",
    ],
    [
      "two patterns that meet",
      [where("a", { flavor: "m1.*" }), where("b", { flavor: "*.small" })],
      ["prices", 1, "where"],
      "prices a and b overlap",
    ],
    ["an article number used twice", [small, price({ sku: "small" })], ["prices", 1, "sku"], "used twice"],
    ["a meter that there is not", [price({ meter: "moon" })], ["prices", 0, "meter"], "no meter moon"],
    [
      "a dimension that its meter has not",
      [where("a", { phase: "full" })],
      ["prices", 0, "where", "phase"],
      "but not phase",
    ],
    [
      "a lasting thing without a time",
      [price({ per: { label: "instance", quantity: 1n } })],
      ["prices", 0, "per"],
      "needs a time",
    ],
    [
      "a counted thing with a time",
      [price({ meter: "network.outgoing.bytes", per: { ...gb, time: 1n } })],
      ["prices", 0, "per"],
      "no time",
    ],
    [
      "a unit of nothing",
      [price({ per: { label: "nothing", quantity: 0n, time: 1n } })],
      ["prices", 0, "per"],
      "more than nothing",
    ],
    [
      "a flat fee for what is counted",
      [price({ meter: "network.outgoing.bytes", per: { label: "n", quantity: 1n }, model: "flat" })],
      ["prices", 0, "model"],
      "for being there",
    ],
    [
      "a flat fee for a size",
      [price({ per: { label: "2 instance hours", quantity: 2n, time: 1n }, model: "flat" })],
      ["prices", 0, "per"],
      "whatever the size",
    ],
    [
      "a flat fee with tiers",
      [price({ model: "flat", tiers: tiers(["1", "1"], ["2"]) })],
      ["prices", 0, "tiers"],
      "no tiers",
    ],
    ["an allowance of nothing", [price({ allowance: ZERO })], ["prices", 0, "allowance"], "more than nothing"],
    ["a cap of nothing", [price({ scope: "resource", cap: ZERO })], ["prices", 0, "cap"], "more than nothing"],
    ["a cap for a whole project", [price({ cap: rational(10n) })], ["prices", 0, "cap"], "for each resource"],
    [
      "a cap below a flat fee",
      [price({ scope: "resource", model: "flat", cap: rational(1n), tiers: tiers(["2"]) })],
      ["prices", 0, "cap"],
      "below the fee",
    ],
    [
      "a discount of more than all",
      [price({ discountPercent: rational(101n) })],
      ["prices", 0, "discount"],
      "at most 100 %",
    ],
    ["a discount of nothing", [price({ discountPercent: ZERO })], ["prices", 0, "discount"], "more than 0 %"],
    ["no amount", [price({ tiers: [] })], ["prices", 0, "tiers"], "no amount"],
    ["a negative amount", [price({ tiers: tiers(["-0.01"]) })], ["prices", 0, "tiers", 0, "amount"], "negative"],
    [
      "more decimal places than are kept",
      [price({ tiers: tiers(["0.0000000000001"]) })],
      ["prices", 0, "tiers", 0, "amount"],
      "12 decimal places",
    ],
    [
      "a ceiling on the last tier",
      [price({ tiers: tiers(["10", "1"]) })],
      ["prices", 0, "tiers", 0, "upTo"],
      "no ceiling",
    ],
    [
      "no ceiling on another tier",
      [price({ tiers: tiers(["1"], ["2"]) })],
      ["prices", 0, "tiers", 0],
      "only the last tier",
    ],
    [
      "tiers that do not rise",
      [price({ tiers: tiers(["10", "1"], ["10", "2"], ["3"]) })],
      ["prices", 0, "tiers", 1, "upTo"],
      "further",
    ],
    [
      "a first tier that holds nothing",
      [price({ tiers: tiers(["0", "1"], ["3"]) })],
      ["prices", 0, "tiers", 0, "upTo"],
      "further",
    ],
  ])("for %s", (_, prices, path, says) => {
    expect(priceProblems(book(prices))).toEqual([{ path, says: expect.stringContaining(says) }]);
  });

  it("for a currency that is no code, a free meter that there is not, and one that has a price", () => {
    const problems = priceProblems(book([price()], { currency: "euro", free: ["instance", "moon"] }));

    expect(problems.map(({ path }) => path)).toEqual([["currency"], ["free", 0], ["free", 1]]);
  });

  it("and a warning where one unit more makes a volume price cheaper", () => {
    const dropping = tiers(["100", "0.10"], ["1000", "0.12"], ["0.05"]);

    expect(
      priceWarnings(book([price({ sku: "v", model: "volume", tiers: dropping }), price({ tiers: dropping })])),
    ).toEqual([
      {
        path: ["prices", 0, "tiers", 2, "amount"],
        says: "price v: just above 1000 the whole costs 50 EUR, less than the 120 EUR at 1000",
      },
    ]);
  });

  it("and a warning where a cap is reached within the first unit", () => {
    expect(priceWarnings(book([price({ scope: "resource", cap: rational(1n, 100n) })]))).toEqual([
      {
        path: ["prices", 0, "cap"],
        says: "price instance: its cap of 0.01 EUR is reached within the first unit, at 0.02 EUR",
      },
    ]);
  });

  it.each([
    ["a state that there is not", [where("off", { state: "stoped" })], "off", "state is never stoped"],
    [
      "a more specific price that matches all of it",
      [where("a", {}), where("b", { region: "*" })],
      "a",
      "b is more specific",
    ],
    [
      "one that has every state",
      [where("m", { flavor: "m1.*" }), where("s", { flavor: "m1.*", state: "*" })],
      "m",
      "s is more specific",
    ],
  ])("and a warning where nothing can match: %s", (_, prices, sku, says) => {
    const warnings = priceWarnings(book(prices));

    expect(warnings.map((warning) => warning.says)).toEqual([expect.stringContaining(says)]);
    expect(warnings[0]?.says).toContain(`price ${sku}`);
  });

  it("and none where what is more specific leaves something over", () => {
    const prices = [where("any", {}), where("m", { flavor: "m1.*" }), where("typed", { availability_zone: "*" })];

    expect(priceWarnings(book(prices))).toEqual([]);
  });

  it("and a hole for a meter of which nothing is said, and one whose every price asks for something", () => {
    const all = METERS.filter(({ isPriceable }) => isPriceable).map(({ name }) => name);
    const free = all.filter((name) => name !== "instance" && name !== "vcpus");
    const holes = priceHoles(book([where("small", { flavor: "m1.small" })], { free }));

    expect(holes).toEqual([
      { path: ["prices", 0], says: "instance that is like none of its prices has no price" },
      { path: ["free"], says: "neither priced nor called free: vcpus" },
    ]);
    expect(priceHoles(book([price()], { free: [...free, "vcpus"] }))).toEqual([]);
  });

  it("for nothing at all where nothing is wrong", () => {
    expect(
      priceProblems(book([price(), small, where("c1", { flavor: "c1.*" }), where("m1", { flavor: "m1.*" })])),
    ).toEqual([]);
  });
});
