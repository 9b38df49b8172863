import { readFile } from "node:fs/promises";
import { at, type Batch, type Coverage, type Event, instant, type Sample } from "@raingauge/domain";
import { runs } from "@raingauge/test/generators/hunt.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BATCH_BYTES_MAX, decodeBatch } from "./batch.ts";
import { encodeBatch } from "./encode.ts";
import { WireError } from "./error.ts";
import { deltaOf, type Reading, sampleOf } from "./sample.ts";

const moments = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2100, 0) - 1 }).map(at);
const texts = fc.string({ unit: "binary" });
/** What names something may be anything that a ledger can hold, and PostgreSQL holds no NUL. */
const names = fc.oneof(
  fc.constantFrom("RegionOne", "acme", "é\n\u0001"),
  texts.map((text) => `n${text.replaceAll("\0", "")}`),
);
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

const NOTHING: Batch = { samples: [], events: [], coverage: [] };

const started = instant("2026-01-01T00:20:00Z");

const stated: Reading = {
  region: "RegionOne",
  project: "acme",
  meter: "instance",
  resource: "vm-1",
  at: started,
  value: 1n,
  origin: "notification",
  source: "nova",
  stance: "states",
  dimensions: { state: "active", flavor: "m1.tiny" },
  sequence: 1_767_226_800_123_456,
  transition: "start req-1",
  message: "message-1",
};

const polled: Reading = {
  ...without(stated, "transition"),
  meter: "network.outgoing.bytes",
  at: at(started + 300_000),
  value: 2n ** 53n + 1n,
  origin: "poll",
  source: "libvirt",
  stance: "sights",
  dimensions: {},
  message: "poll-1",
  incarnation: { host: "compute-1", device: "tap-1", startedAt: started, witnessed: true },
};

const event = {
  id: "message-1",
  type: "compute.instance.power_on.end",
  region: "RegionOne",
  source: "nova",
  at: started,
  project: "acme",
  resource: "vm-1",
  resourceType: "instance",
  attributes: { name: "web", host: "compute-1" },
};

const watched = (start: number, end: number) => ({
  region: "RegionOne",
  source: "listener",
  agent: "queue",
  start: at(started + start),
  end: at(started + end),
});

/** One of everything. */
const lived: Batch = {
  samples: [
    sampleOf(stated),
    sampleOf({ ...stated, meter: "vcpus" }),
    sampleOf(polled),
    deltaOf({ ...polled, message: "poll-2" }),
  ],
  events: [
    event,
    {
      id: "message-2",
      type: "identity.project.created",
      region: "RegionOne",
      source: "keystone",
      at: started,
      attributes: {},
    },
  ],
  coverage: [
    { region: "RegionOne", source: "listener", agent: "queue", period: { start: started, end: at(started + 60_000) } },
    {
      region: "RegionOne",
      source: "libvirt",
      agent: "compute-1",
      period: { start: started, end: at(started + 300_000) },
      confirms: { resourceTypes: ["instance"], limitSeconds: 900 },
    },
  ],
};

function without<T extends object, K extends keyof T>(whole: T, key: K): Omit<T, K> {
  const { [key]: _, ...rest } = whole;
  return rest;
}

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

  it("keeps its bytes: what is on the bus was written by yesterday's version", async () => {
    await expect(new TextDecoder().decode(encodeBatch(lived))).toMatchFileSnapshot("golden/batch-1.json");

    expect(decodeBatch(await readFile(new URL("golden/batch-1.json", import.meta.url)))).toEqual(lived);
  });

  it("says a reading in some fifty bytes", () => {
    const many = Array.from({ length: 1_000 }, (_, index) =>
      sampleOf({
        ...polled,
        resource: `vm-${index % 40}`,
        meter: `meter-${index % 25}`,
        value: BigInt(index) * 1_000_003n,
      }),
    );

    expect(encodeBatch({ ...NOTHING, samples: many }).length).toBeLessThan(60_000);
  });
});

describe("bytes that are no batch", () => {
  const said = (): Record<string, unknown> => JSON.parse(new TextDecoder().decode(encodeBatch(lived)));
  const bytes = (document: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(document));

  it.each<[string, Uint8Array, string, string]>([
    ["nothing", new Uint8Array(), "not_json", ""],
    ["text", new TextEncoder().encode("hello"), "not_json", ""],
    ["bytes that are no UTF-8", new Uint8Array([0x7b, 0xff, 0x7d]), "not_json", ""],
    ["more than 4 MB", new Uint8Array(BATCH_BYTES_MAX + 1).fill(0x20), "too_large", ""],
    ["a list", bytes([]), "version_unknown", ""],
    ["null", bytes(null), "version_unknown", ""],
    ["another version", bytes({ ...said(), v: 2 }), "version_unknown", ""],
    ["a word that is a number", bytes({ ...said(), words: [7] }), "malformed", "words.0"],
    ["a field that nobody knows", bytes({ ...said(), prices: [] }), "malformed", ""],
    ["half a sample", bytes({ ...said(), samples: [0, 0] }), "malformed", "ids"],
    ["a sample without an identity", bytes({ ...said(), ids: "" }), "malformed", "ids"],
    ["a subject that is not there", bytes({ ...said(), samples: cells({ 0: 99 }) }), "malformed", "samples.0"],
    ["a subject of the number -1", bytes({ ...said(), samples: cells({ 0: -1 }) }), "malformed", "samples.0"],
    ["a subject of the number 0.5", bytes({ ...said(), samples: cells({ 0: 0.5 }) }), "malformed", "samples.0"],
    ["a subject named length", bytes({ ...said(), samples: cells({ 0: "length" }) }), "malformed", "samples.0"],
    ["a negative value", bytes({ ...said(), samples: cells({ 3: -1 }) }), "value_out_of_range", "samples.0"],
    ["a value with a fraction", bytes({ ...said(), samples: cells({ 3: 0.5 }) }), "value_out_of_range", "samples.0"],
    [
      "a value beyond int64",
      bytes({ ...said(), samples: cells({ 3: "9223372036854775808" }) }),
      "value_out_of_range",
      "samples.0",
    ],
    ["a value that is not there", bytes({ ...said(), samples: cells({ 3: null }) }), "value_out_of_range", "samples.0"],
    ["the year 1970", bytes({ ...said(), at: 0 }), "instant_out_of_range", "samples.0"],
    ["the year 2106", bytes({ ...said(), at: Date.UTC(2106, 1) }), "instant_out_of_range", "samples.0"],
    [
      "an event in the year 1970",
      bytes({ ...said(), events: [{ ...event, at: 0 }] }),
      "instant_out_of_range",
      "events.0.at",
    ],
    ["an event without an id", bytes({ ...said(), events: [{ ...event, id: "" }] }), "name_missing", "events.0.id"],
    [
      "an attribute that is a number",
      bytes({ ...said(), events: [{ ...event, attributes: { a: 1 } }] }),
      "malformed",
      "events.0.attributes",
    ],
    [
      "a coverage that ends before it starts",
      bytes({ ...said(), coverage: [watched(2, 1)] }),
      "malformed",
      "coverage.0",
    ],
  ])("are refused with a reason and its place: %s", (_, wrong, code, where) => {
    const read = (): unknown => decodeBatch(wrong);

    expect(read).toThrow(WireError);
    expect(read).toThrow(expect.objectContaining({ code, where }));
  });

  it("never fail in another way, whatever is changed in them", () => {
    const whole = new TextDecoder().decode(encodeBatch(lived));
    fc.assert(
      fc.property(
        fc.nat(whole.length - 1),
        fc.constantFrom("", "0", "9", "-", "]", ",", '"', "null"),
        (place, other) => {
          const wrong = new TextEncoder().encode(whole.slice(0, place) + other + whole.slice(place + 1));
          try {
            decodeBatch(wrong);
          } catch (error) {
            expect(error).toBeInstanceOf(WireError);
          }
        },
      ),
      { numRuns: runs(1_000) },
    );
  });

  /** The cells of the golden batch with some of its first sample's changed. */
  function cells(changed: Readonly<Record<number, unknown>>): unknown[] {
    return (said()["samples"] as unknown[]).map((cell, index) => (index in changed ? changed[index] : cell));
  }
});
