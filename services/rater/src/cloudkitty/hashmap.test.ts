import { compare, decimal, rational, times } from "@raingauge/domain";
import { runs } from "@raingauge/test/generators/hunt.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { vectors } from "./fixtures/vectors.ts";
import { hashmapCost, isProportional, type Rules, rulesFor } from "./hashmap.ts";

describe("CloudKitty's hashmap", () => {
  it.each(vectors)("costs what CloudKitty says: $name", ({ rules, points, costs: expected }) => {
    const costs = points.map((point) => hashmapCost({ service: "svc", ...point }, rulesFor(undefined, rules)));

    expect(costs.map((cost) => decimal(cost, 60))).toEqual(expected);
  });

  it("is tried with every vector that was recorded", () => {
    expect(vectors).toHaveLength(27);
  });

  it("lets a project's own rule take the place of the one for everybody, value by value", () => {
    const flat = { service: "svc", field: "flavor", type: "flat" } as const;
    const rules: Rules = {
      mappings: [
        { ...flat, value: "a", cost: rational(5n) },
        { ...flat, value: "b", cost: rational(7n) },
        { ...flat, value: "a", cost: rational(1n), project: "acme" },
      ],
      thresholds: [],
    };
    const costs = (project: string) =>
      ["a", "b"].map((flavor) =>
        hashmapCost({ service: "svc", quantity: rational(1n), attributes: { flavor } }, rulesFor(project, rules)),
      );

    expect(costs("acme")).toEqual([rational(1n), rational(7n)]);
    expect(costs("globex")).toEqual([rational(5n), rational(7n)]);
  });

  it("costs in proportion to the quantity wherever no threshold hangs on the service", () => {
    for (const { rules, points } of vectors) {
      if (!isProportional("svc", rules)) continue;
      for (const { attributes } of points)
        fc.assert(
          fc.property(fc.bigInt({ min: 0n, max: 10n ** 9n }), (quantity) => {
            const cost = (of: bigint) => hashmapCost({ service: "svc", quantity: rational(of), attributes }, rules);

            expect(compare(cost(quantity), times(cost(1n), rational(quantity)))).toBe(0);
          }),
          { numRuns: runs(10) },
        );
    }
  });
});
