import { book, price, usage } from "@raingauge/test/generators/usage.ts";
import { describe, expect, it } from "vitest";
import { type PriceBook, priceOf } from "./price.ts";
import { priceHoles } from "./price-coverage.ts";
import { priceProblems } from "./price-problems.ts";
import { priceWarnings } from "./price-warnings.ts";

const attributes = {
  flavor: { "g1.large": { accelerator: "a100" }, "g1.small": { accelerator: "t4" }, "c1.large": { dedicated: "true" } },
  image: { "5f0b": { licence: "windows" } },
};
const of = (...conditions: PriceBook["prices"][number]["where"][]): PriceBook =>
  book(
    conditions.map((where, index) => price({ sku: `p${index}`, where })),
    { attributes },
  );
const used = (flavor: string, image = "77ad") => usage({ dimensions: { flavor, image, state: "active" } });

describe("what a price asks of an attribute", () => {
  const terms = of(
    {},
    { "flavor.accelerator": "*" },
    { "flavor.accelerator": "a100" },
    { "image.licence": "windows", "flavor.accelerator": "a100" },
    { "image.licence": "windows" },
  );

  it.each([
    ["g1.large", "77ad", "p2"],
    ["g1.small", "77ad", "p1"],
    ["c1.large", "77ad", "p0"],
    ["m1.tiny", "77ad", "p0"],
    ["g1.large", "5f0b", "p3"],
    ["m1.tiny", "5f0b", "p4"],
    ["toString", "77ad", "p0"],
  ])("fits flavor %s with image %s by what the book says of them: %s", (flavor, image, sku) => {
    expect(priceOf(used(flavor, image), terms)?.sku).toBe(sku);
  });

  it("makes no tie where no value has both, and one where a value has", () => {
    const apart = of({ "flavor.accelerator": "a100" }, { "flavor.dedicated": "true" });
    const both = { ...apart, attributes: { flavor: { x1: { accelerator: "a100", dedicated: "true" } } } };

    expect(priceProblems(apart)).toEqual([]);
    expect(priceProblems(both).map(({ path }) => path)).toEqual([["prices", 1, "where"]]);
  });

  it.each([{ "flavor.accelerator": "a100" }, { flavor: "g1.small" }])(
    "ties with a flavor only where that flavor has it: %o",
    (other) => {
      const small = of({ "flavor.accelerator": "t4" }, other);

      expect(priceProblems(small)).toHaveLength("flavor" in other ? 1 : 0);
    },
  );

  it.each(["planet.size", "volume_type.speed", "image.colour.red"])(
    "is refused where neither book nor meter knows %s",
    (name) => {
      const known = name.startsWith("image");

      expect(priceProblems(of({ [name]: "x" })).map(({ path }) => path)).toEqual(
        known ? [] : [["prices", 0, "where", name]],
      );
    },
  );

  it("is warned of where no value can have it", () => {
    expect(priceWarnings(of({}, { "flavor.accelerator": "h100" })).map(({ says }) => says)).toEqual([
      "price p1: nothing can match it: the book's attributes name no flavor that it asks for",
    ]);
  });

  it("leaves a hole, for not every flavor has it", () => {
    expect(priceHoles(of({ "flavor.accelerator": "*" })).map(({ says }) => says)).toContain(
      "instance that is like none of its prices has no price",
    );
  });
});
