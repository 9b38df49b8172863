import { difference, minute, reading } from "@raingauge/test/generators/reading.ts";
import { describe, expect, it } from "vitest";
import type { Period } from "./instant.ts";
import type { Meter } from "./meter.ts";
import { meterNamed } from "./meters.ts";
import type { Incarnation, Sample } from "./sample.ts";
import { measure } from "./usage.ts";

const traffic = meterNamed("network.outgoing.bytes") as Meter;
const hour: Period = { start: minute(0), end: minute(60) };

const here: Incarnation = { host: "compute-01", device: "tap1", startedAt: minute(-20), witnessed: false };
const there: Incarnation = { ...here, host: "compute-02", startedAt: minute(10) };

const count = (at: number, value: bigint, incarnation = here, told: Partial<Sample> = {}): Sample =>
  reading({ at: minute(at), value, incarnation, meter: traffic.name, stance: "sights", dimensions: {}, ...told });

describe("a counter", () => {
  const cases = [
    {
      name: "is billed by its growth",
      told: [count(0, 100n), count(10, 130n), count(20, 150n)],
      quantity: 50n,
      readings: 3,
    },
    {
      name: "that drops within one incarnation is a new baseline",
      told: [count(0, 100n), count(10, 7n), count(20, 9n)],
      quantity: 2n,
      readings: 3,
      dropped: 1,
    },
    {
      name: "whose beginning nobody witnessed has a baseline first",
      told: [count(10, 1000n), count(20, 1001n)],
      quantity: 1n,
      readings: 2,
    },
    {
      name: "whose beginning was witnessed began at zero",
      told: [count(15, 1000n, { ...there, witnessed: true }), count(20, 1001n, { ...there, witnessed: true })],
      quantity: 1001n,
      readings: 2,
    },
    {
      name: "that was read first at its very beginning has a baseline first, witnessed or not",
      told: [count(10, 5n, { ...there, witnessed: true }), count(20, 6n, { ...there, witnessed: true })],
      quantity: 1n,
      readings: 2,
    },
    {
      name: "of a machine that two hosts report during a live migration counts each host's growth once",
      told: [
        count(0, 0n),
        count(10, 600n),
        count(15, 0n, there),
        count(15, 700n),
        count(20, 30n, there),
        count(20, 700n),
        count(25, 90n, there),
        count(25, 700n),
      ],
      quantity: 700n + 90n,
      readings: 8,
    },
    {
      name: "of a disk that was taken out and put in again is another counter",
      told: [
        count(0, 500n),
        count(10, 600n),
        count(20, 0n, { ...here, startedAt: minute(18) }),
        count(30, 40n, { ...here, startedAt: minute(18) }),
      ],
      quantity: 140n,
      readings: 4,
    },
    {
      name: "that was read twice at one instant counts the reading that is stronger",
      told: [count(0, 10n), count(10, 30n), count(10, 25n, here, { origin: "api" })],
      quantity: 15n,
      readings: 3,
    },
    {
      name: "knows no end of its resource",
      told: [count(0, 10n), count(10, 30n), count(20, 0n, here, { stance: "ends" })],
      quantity: 20n,
      readings: 2,
    },
    {
      name: "shares its growth over time: floor(growth × elapsed / whole)",
      told: [count(-20, 0n), count(40, 100n)],
      quantity: 100n - 33n,
      readings: 1,
    },
  ];
  it.each(cases)("$name", ({ told, quantity, readings, dropped = 0 }) => {
    const usages = measure(traffic, told, hour);

    expect(usages).toMatchObject([{ quantity, evidence: { readings, counterDropped: dropped } }]);
  });

  it("is seen for as long as it is known to have counted", () => {
    const [usage] = measure(traffic, [count(-20, 0n), count(40, 100n)], hour);

    expect(usage?.evidence).toMatchObject({ observedMs: 40 * 60_000, inferredMs: 0 });
  });

  it("grows for the project that was last stated", () => {
    const told = [
      count(0, 0n, here, { stance: "states", project: "globex" }),
      count(10, 5n),
      count(20, 9n, here, { stance: "states" }),
    ];

    const usages = measure(traffic, told, hour);

    expect(usages.map(({ project, quantity }) => [project, quantity])).toEqual([
      ["acme", 4n],
      ["globex", 5n],
    ]);
  });
});

describe("a difference", () => {
  const meter: Meter = { ...traffic, name: "requests", kind: "delta" };
  const told = (at: number, value: bigint, message: string): Sample =>
    difference({ at: minute(at), value, message, meter: "requests", dimensions: {} });

  it("is summed, each message once", () => {
    const usages = measure(
      meter,
      [told(0, 5n, "a"), told(0, 5n, "b"), told(0, 5n, "a"), told(30, 2n, "c"), told(60, 9n, "d")],
      hour,
    );

    expect(usages).toMatchObject([{ quantity: 12n, evidence: { readings: 3 } }]);
  });
});
