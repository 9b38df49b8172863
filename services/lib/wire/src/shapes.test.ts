import type { Sample } from "@raingauge/domain";
import { runs } from "@raingauge/test/generators/hunt.ts";
import { LARGE, minute, reading, SMALL } from "@raingauge/test/generators/reading.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnsDecoder, decodeInColumns } from "./batch.ts";
import { encodeBatch } from "./encode.ts";

const life = { host: "compute-1", device: "", startedAt: minute(0), witnessed: true };

/** Of few things, so that many messages are alike but for one of them. */
const readings: fc.Arbitrary<Sample> = fc
  .record(
    {
      at: fc.integer({ min: 0, max: 3 }).map(minute),
      project: fc.constantFrom("acme", "globex"),
      resource: fc.constantFrom("vm-1", "vm-2"),
      meter: fc.constantFrom("vcpus", "memory"),
      value: fc.bigInt({ min: 0n, max: 2n }),
      source: fc.constantFrom("libvirt", "nova"),
      origin: fc.constantFrom("poll", "api"),
      stance: fc.constantFrom("states", "ends"),
      dimensions: fc.constantFrom(SMALL, LARGE),
      message: fc.constantFrom("m-1", "vm-1", "SMALL"),
      incarnation: fc.constantFrom(life, { ...life, host: "compute-2" }, { ...life, startedAt: minute(1) }),
    },
    { requiredKeys: ["at"] },
  )
  .map(reading);

const bodyOf = (samples: readonly Sample[]): Uint8Array => encodeBatch({ samples, events: [], coverage: [] });

describe("messages that share what they say", () => {
  it("are read as each would be by itself, in whatever order they come", () => {
    const few = fc.array(readings, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(few, { minLength: 2, maxLength: 12 }), (messages) => {
        const decode = columnsDecoder();
        for (const body of messages.map(bodyOf)) expect(decode(body).samples).toEqual(decodeInColumns(body).samples);
      }),
      { numRuns: runs(500) },
    );
  });

  it("share the columns that say of what, poll after poll, and no other", () => {
    const decode = columnsDecoder();
    const poll = (count: number, resource = "vm-1") =>
      decode(bodyOf(["vcpus", "memory"].map((meter) => reading({ at: minute(count), meter, resource, value: 4n }))));

    const [first, second, other] = [poll(1).columns, poll(2).columns, poll(3, "vm-2").columns];

    expect(second?.subject).toBe(first?.subject);
    expect(second?.at).not.toBe(first?.at);
    expect(other?.subject).not.toBe(first?.subject);
  });
});
