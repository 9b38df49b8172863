import { at, compare, HOUR_MS, parseDecimal, rate, rational, sum, type Usage } from "@raingauge/domain";
import { parsePriceBook } from "@raingauge/wire";
import { describe, expect, it } from "vitest";
import { bookText, compiledBook } from "./compiled-book.ts";
import { vectors } from "./fixtures/vectors.ts";
import { hashmapCost, type Rules, rulesFor } from "./hashmap.ts";
import { readMetrics } from "./metrics-file.ts";

const HEAD = { name: "standard", version: "1", currency: "EUR" };
const { metrics } = readMetrics(
  "metrics:\n  cpu: {unit: instance, alt_name: svc, mutate: NUMBOOL}\n  image.size: {unit: MiB, factor: 1/1048576}\n  network.outgoing.bytes.rate: {unit: MB, factor: 3600/1000000}\n",
);

const hours = (project: string, quantity: bigint, dimensions: Readonly<Record<string, string>>): Usage => ({
  region: "north",
  project,
  meter: "instance",
  resource: "vm-1",
  dimensions,
  period: { start: at(0), end: at(31 * 24 * HOUR_MS) },
  quantity: quantity * BigInt(HOUR_MS),
  evidence: { readings: 1, observedMs: Number(quantity) * HOUR_MS, inferredMs: 0, afterEnd: 0, counterDropped: 0 },
});

const published = (rules: Rules) => parsePriceBook(bookText(compiledBook(rules, metrics), HEAD), "compiled.yaml");

describe("hashmap rules as a price book", () => {
  const FIELDS = new Set(["flavor", "image"]);
  /** A book's amounts end after 12 places; its rules are held by the twin. */
  const TINY = "very small price keeps 28 significant digits";
  const sayable = vectors.filter(
    ({ name, rules }) =>
      name !== TINY &&
      rules.thresholds.length === 0 &&
      rules.mappings.every(({ field }) => field === undefined || FIELDS.has(field)),
  );

  it.each(sayable)("cost what CloudKitty says: $name", ({ rules, points, costs }) => {
    const book = published(rules);

    for (const [index, { quantity, attributes }] of points.entries()) {
      // A book has no part of an hour here, and the rules are in proportion: so many hours cost so many times one.
      const { charges } = rate([hours("acme", quantity.numerator, attributes)], book, 1n);
      const cost = sum(charges.map((charge) => charge.cost));

      expect(
        compare(
          cost,
          rational(
            parseDecimal(costs[index] ?? "").numerator * quantity.denominator,
            parseDecimal(costs[index] ?? "").denominator,
          ),
        ),
      ).toBe(0);
    }
  });

  it("are tried with every vector that a price can say", () => {
    expect(sayable.length).toBeGreaterThanOrEqual(10);
  });

  it("hold what was agreed with a project, in every combination of values", () => {
    const flat = { service: "svc", type: "flat" } as const;
    const rules: Rules = {
      mappings: [
        { ...flat, field: "flavor_name", value: "a", cost: rational(5n) },
        { ...flat, field: "image_id", value: "i", cost: rational(2n), group: "licences" },
        { ...flat, field: "flavor_name", value: "a", cost: rational(1n), project: "acme" },
      ],
      thresholds: [],
    };
    const book = published(rules);

    for (const project of ["acme", "globex"])
      for (const [flavor, image] of [
        ["a", "i"],
        ["a", "x"],
        ["b", "i"],
        ["b", "x"],
      ] as const) {
        const { charges } = rate([hours(project, 3n, { flavor, image, state: "active" })], book, 1n);
        const attributes = { flavor_name: flavor, image_id: image };

        expect(
          compare(
            sum(charges.map(({ cost }) => cost)),
            hashmapCost({ service: "svc", quantity: rational(3n), attributes }, rulesFor(project, rules)),
          ),
        ).toBe(0);
      }
  });

  it("name their amounts for our units: bytes for MiB, and what a counter grew by for a rate", () => {
    const mapping = (service: string) => ({ service, type: "flat" as const, cost: rational(1n) });

    const { prices, left } = compiledBook(
      { mappings: ["image.size", "network.outgoing.bytes.rate", "unheard"].map(mapping), thresholds: [] },
      metrics,
    );

    expect(prices.map(({ meter, per, amount }) => [meter, per, amount])).toEqual([
      ["image.size", "1048576 B hour", "1"],
      ["network.outgoing.bytes", "1000000 B", "1"],
    ]);
    expect(left).toEqual(["unheard: no metric of the name unheard is rated"]);
  });

  it("leave out thresholds, and fields that no price may name, and say so", () => {
    const threshold = { service: "svc", type: "flat" as const, level: rational(1n), cost: rational(1n) };
    const mapping = { service: "svc", field: "weather", value: "wet", type: "flat" as const, cost: rational(1n) };

    expect(compiledBook({ mappings: [], thresholds: [threshold] }, metrics).left).toEqual([
      expect.stringMatching(/^svc: a threshold/),
    ]);
    expect(compiledBook({ mappings: [mapping], thresholds: [] }, metrics).left).toEqual([
      "svc: its field weather is no dimension that a price may name",
    ]);
  });
});
