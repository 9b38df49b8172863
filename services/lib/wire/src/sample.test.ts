import { at, instant } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { WireError } from "./error.ts";
import { deltaOf, type Reading, sampleOf } from "./sample.ts";

const reading: Reading = {
  region: "RegionOne",
  project: "acme",
  meter: "instance",
  resource: "5b3c6b2e-3f3e-4c6e-8a43-2f8f3f9d7c11",
  at: instant("2026-01-01T00:20:00Z"),
  value: 1n,
  origin: "notification",
  source: "nova",
  stance: "states",
  dimensions: { flavor: "m1.tiny", state: "active" },
  sequence: 1_767_226_800_123_456,
  message: "6c1b2c1e-legacy",
};
const incarnation = { host: "compute-1", device: "vda", startedAt: instant("2026-01-01T00:00:00Z"), witnessed: false };

describe("the identity of a reading", () => {
  it("is the same for ever: stored readings are known by it", () => {
    expect(sampleOf(reading).id).toBe("ab4784d9b3890ae0fa22714fd4492829");
    expect(sampleOf({ ...reading, incarnation }).id).toBe("bdb311a10ff25b4bab5caecb7f7b0686");
    expect(deltaOf(reading).id).toBe("2a8b731f4ddef78d9846effefc02f64c");
  });

  it.each<[string, Partial<Reading>]>([
    ["the message", { message: "7d2c-versioned" }],
    ["its place in the order of messages", { sequence: 7 }],
    ["the transition", { transition: "stop req-1" }],
    ["where it came from", { origin: "poll" }],
    ["the order of the dimensions", { dimensions: { state: "active", flavor: "m1.tiny" } }],
  ])("does not depend on %s", (_, other) => {
    expect(sampleOf({ ...reading, ...other }).id).toBe(sampleOf(reading).id);
  });

  it.each<[string, Partial<Reading>]>([
    ["region", { region: "RegionTwo" }],
    ["project", { project: "globex" }],
    ["meter", { meter: "vcpus" }],
    ["resource", { resource: "another" }],
    ["instant", { at: at(reading.at + 1) }],
    ["value", { value: 2n }],
    ["source", { source: "libvirt" }],
    ["stance", { stance: "ends" }],
    ["dimensions", { dimensions: { flavor: "m1.small", state: "active" } }],
    ["incarnation", { incarnation }],
  ])("depends on the %s", (_, other) => {
    expect(sampleOf({ ...reading, ...other }).id).not.toBe(sampleOf(reading).id);
  });

  it("of a counter's reading depends on the host, the device and the start that are counted, not on who witnessed it", () => {
    const { id } = sampleOf({ ...reading, incarnation });

    expect(sampleOf({ ...reading, incarnation: { ...incarnation, witnessed: true } }).id).toBe(id);
    for (const other of [{ host: "compute-2" }, { device: "vdb" }, { startedAt: at(incarnation.startedAt + 1) }]) {
      expect(sampleOf({ ...reading, incarnation: { ...incarnation, ...other } }).id).not.toBe(id);
    }
  });

  it("of a difference is its message's: two equal differences are two", () => {
    expect(deltaOf(reading).id).not.toBe(deltaOf({ ...reading, message: "another" }).id);
    expect(deltaOf({ ...reading, sequence: 7 }).id).toBe(deltaOf(reading).id);
  });
});

describe("a reading that no meter can have said", () => {
  it.each<[string, string, Partial<Reading>, string]>([
    ["a negative value", "value_out_of_range", { value: -1n }, "value"],
    ["a value beyond int64", "value_out_of_range", { value: 2n ** 63n }, "value"],
    ["the year 1970", "instant_out_of_range", { at: at(0) }, "at"],
    ["the year 1999", "instant_out_of_range", { at: at(Date.UTC(2000, 0) - 1) }, "at"],
    ["the year 2106", "instant_out_of_range", { at: at(Date.UTC(2106, 1, 7)) }, "at"],
    ["a fraction of a millisecond", "instant_out_of_range", { at: at(reading.at + 0.5) }, "at"],
    ["an instant that is not a number", "instant_out_of_range", { at: at(Number.NaN) }, "at"],
    ["no project", "name_missing", { project: "" }, "project"],
    ["a project with a NUL in it", "malformed", { project: "ac\0me" }, "project"],
    ["no resource", "name_missing", { resource: "" }, "resource"],
    ["no region", "name_missing", { region: "" }, "region"],
    ["no meter", "name_missing", { meter: "" }, "meter"],
    [
      "a counter begun in 1970",
      "instant_out_of_range",
      { incarnation: { ...incarnation, startedAt: at(0) } },
      "incarnation.startedAt",
    ],
  ])("is refused: %s", (_, code, wrong, where) => {
    const said = (): unknown => sampleOf({ ...reading, ...wrong });

    expect(said).toThrow(WireError);
    expect(said).toThrow(expect.objectContaining({ code, where }));
  });

  it("is refused at its bounds and not before", () => {
    expect(sampleOf({ ...reading, value: 2n ** 63n - 1n, at: at(Date.UTC(2100, 0) - 1) }).value).toBe(2n ** 63n - 1n);
    expect(sampleOf({ ...reading, value: 0n, at: at(Date.UTC(2000, 0)) }).value).toBe(0n);
  });
});
