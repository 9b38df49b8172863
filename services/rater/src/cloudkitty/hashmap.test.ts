import { readFileSync } from "node:fs";
import { compare, decimal, parseDecimal, rational, times } from "@raingauge/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ExactNumber, exactJson } from "./exact-json.ts";
import { hashmapCost, isProportional, type Rules, rulesFor } from "./hashmap.ts";

/** Inputs and outputs of CloudKitty itself, in exact decimals. */
const VECTORS = new URL("../../../../test/vectors/cloudkitty-vectors.json", import.meta.url);

const attribute = z.union([z.string(), z.instanceof(ExactNumber).transform(({ text }) => text)]);
const Vectors = z.object({
  hashmap: z.array(
    z.object({
      name: z.string(),
      rules: z.array(
        z.object({
          kind: z.enum(["mapping", "threshold"]),
          field: z.string().nullable(),
          value: z.string().optional(),
          level: z.string().optional(),
          type: z.enum(["flat", "rate"]),
          cost: z.string(),
          group: z.string().nullable(),
        }),
      ),
      points: z.array(z.object({ qty: z.string(), desc: z.record(z.string(), attribute) })),
      expected_price: z.array(z.string()),
    }),
  ),
});

const { hashmap } = Vectors.parse(exactJson(readFileSync(VECTORS, "utf8")));

const rulesOf = (told: (typeof hashmap)[number]["rules"]): Rules => {
  const rules = told.map(({ kind, field, group, cost, level = "0", ...rest }) => ({
    ...rest,
    kind,
    service: "svc",
    field: field ?? undefined,
    group: group ?? undefined,
    cost: parseDecimal(cost),
    level: parseDecimal(level),
  }));
  return {
    mappings: rules.filter(({ kind }) => kind === "mapping"),
    thresholds: rules.filter(({ kind }) => kind === "threshold"),
  };
};

describe("CloudKitty's hashmap", () => {
  it.each(hashmap)("costs what CloudKitty says: $name", ({ rules, points, expected_price }) => {
    const costs = points.map(({ qty, desc }) =>
      hashmapCost(
        { service: "svc", quantity: parseDecimal(qty), attributes: desc },
        rulesFor(undefined, rulesOf(rules)),
      ),
    );

    expect(costs.map((cost) => decimal(cost, 60))).toEqual(expected_price);
  });

  it("is tried with every vector that was recorded", () => {
    expect(hashmap).toHaveLength(27);
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
    for (const { rules: told, points } of hashmap) {
      const rules = rulesOf(told);
      if (!isProportional("svc", rules)) continue;
      for (const { desc } of points)
        fc.assert(
          fc.property(fc.bigInt({ min: 0n, max: 10n ** 9n }), (quantity) => {
            const cost = (of: bigint) =>
              hashmapCost({ service: "svc", quantity: rational(of), attributes: desc }, rules);

            expect(compare(cost(quantity), times(cost(1n), rational(quantity)))).toBe(0);
          }),
          { numRuns: 10 },
        );
    }
  });
});
