import { at, type Batch, type Coverage, type Event, type Sample } from "@raingauge/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBatch, encodeBatch } from "./batch.ts";
import { deltaOf, type Reading, sampleOf } from "./sample.ts";

const moments = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2100, 0) - 1 }).map(at);
const names = fc.oneof(fc.constantFrom("RegionOne", "acme", "é\n\u0000"), fc.string({ minLength: 1, unit: "binary" }));
const texts = fc.string({ unit: "binary" });
const attributes = fc.dictionary(texts, texts);
const values = fc.oneof(fc.bigInt({ min: 0n, max: 100n }), fc.bigInt({ min: 2n ** 53n - 2n, max: 2n ** 63n - 1n }));

const readings: fc.Arbitrary<Reading> = fc.record(
  {
    region: names,
    project: names,
    meter: names,
    resource: names,
    at: moments,
    value: values,
    origin: fc.constantFrom("notification", "api", "poll"),
    source: texts,
    stance: fc.constantFrom("states", "sights", "ends", "vanishes"),
    dimensions: attributes,
    sequence: fc.maxSafeInteger(),
    message: texts,
    transition: texts,
    incarnation: fc.record({ host: texts, device: texts, startedAt: moments, witnessed: fc.boolean() }),
  },
  {
    requiredKeys: [
      "region",
      "project",
      "meter",
      "resource",
      "at",
      "value",
      "origin",
      "source",
      "stance",
      "dimensions",
      "sequence",
      "message",
    ],
  },
);
const samples: fc.Arbitrary<Sample> = fc
  .tuple(readings, fc.boolean())
  .map(([reading, delta]) => (delta ? deltaOf(reading) : sampleOf(reading)));
const events: fc.Arbitrary<Event> = fc.record(
  {
    id: names,
    type: texts,
    region: names,
    source: texts,
    at: moments,
    attributes,
    project: texts,
    resource: texts,
    resourceType: texts,
  },
  { requiredKeys: ["id", "type", "region", "source", "at", "attributes"] },
);
const coverage: fc.Arbitrary<Coverage> = fc.record(
  {
    region: names,
    source: texts,
    agent: texts,
    period: fc.tuple(moments, moments).map(([a, b]) => ({ start: at(Math.min(a, b)), end: at(Math.max(a, b)) })),
    confirms: fc.record({ resourceTypes: fc.array(texts), limitSeconds: fc.integer({ min: 1, max: 10 ** 6 }) }),
  },
  { requiredKeys: ["region", "source", "agent", "period"] },
);
const batches: fc.Arbitrary<Batch> = fc.record({
  samples: fc.array(samples),
  events: fc.array(events),
  coverage: fc.array(coverage),
});

describe("a batch on the wire", () => {
  it("comes out as it went in", () => {
    fc.assert(
      fc.property(batches, (batch) => {
        expect(decodeBatch(encodeBatch(batch))).toEqual(batch);
      }),
    );
  });

  it("is the same bytes when it is encoded again", () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const bytes = encodeBatch(batch);

        expect(encodeBatch(decodeBatch(bytes))).toEqual(bytes);
      }),
    );
  });
});
