import { LARGE, minute, reading, SMALL, type Told } from "@raingauge/test/generators/reading.ts";
import { describe, expect, it } from "vitest";
import type { Instant } from "./instant.ts";
import type { Meter } from "./meter.ts";
import { meterNamed } from "./meters.ts";
import type { Sample } from "./sample.ts";
import { inOrder, resourcesOf } from "./timeline.ts";
import { measure } from "./usage.ts";

const instance = meterNamed("instance") as Meter;
const hour = { start: minute(0), end: minute(60) };
const flavor = (name: string): Pick<Told, "dimensions"> => ({ dimensions: { ...SMALL, flavor: name } });

describe("several readings at one instant", () => {
  const moment = minute(10);
  const poll = reading({ at: moment, ...flavor("poll"), sequence: 9 });
  const api = reading({ at: moment, ...flavor("api"), origin: "api", sequence: 8 });
  const early = reading({ at: moment, ...flavor("early"), origin: "notification", sequence: 1 });
  const late = reading({ at: moment, ...flavor("late"), origin: "notification", sequence: 2 });
  const twins = [
    reading({ at: moment, ...flavor("one"), sequence: 9 }),
    reading({ at: moment, ...flavor("two"), sequence: 9 }),
  ];
  const end = reading({ at: moment, stance: "ends", origin: "api" });
  const gone = reading({ at: moment, stance: "vanishes", origin: "api" });
  const after = reading({ at: minute(20), stance: "sights" });
  const held = { confirmations: [{ source: "libvirt", limitMs: 900_000, since: minute(0) }], listening: [] };
  const digestsFirst = twins[0]!.id < twins[1]!.id ? "two" : "one";

  const cases = [
    { name: "an API's before a poll's", told: [poll, api], counts: "api" },
    { name: "a notification before an API's", told: [poll, api, early], counts: "early" },
    { name: "the later event sequence among equals", told: [early, late, poll], counts: "late" },
    { name: "the digest last of all", told: twins, counts: digestsFirst },
  ];
  it.each(cases)("count $name, in every permutation", ({ told, counts }) => {
    for (const order of permutations([...told, after])) {
      const usages = measure(instance, order, hour).filter(({ quantity }) => quantity > 0n);

      expect(usages.map(({ dimensions }) => dimensions["flavor"])).toEqual([counts]);
    }
  });

  it("are all ended by an end mark, in every permutation", () => {
    for (const order of permutations([poll, early, end, after])) {
      const usages = measure(instance, order, hour);

      expect(usages.every(({ quantity }) => quantity === 0n)).toBe(true);
      expect(usages.map(({ evidence }) => evidence.end)).toContainEqual({ at: moment, kind: "final" });
      expect(usages.reduce((total, { evidence }) => total + evidence.afterEnd, 0)).toBe(1);
    }
  });

  it("are all ended by a sweep that finds nothing, in every permutation", () => {
    for (const order of permutations([poll, early, gone])) {
      const ends = measure(instance, order, hour, held).flatMap(({ evidence }) => evidence.end ?? []);

      expect(ends).toEqual([{ at: moment, kind: "inferred" }]);
    }
  });

  it("end for certain where one end is certain and another inferred, in every permutation", () => {
    for (const order of permutations([poll, gone, end])) {
      expect(measure(instance, order, hour).flatMap(({ evidence }) => evidence.end ?? [])).toEqual([
        { at: moment, kind: "final" },
      ]);
    }
  });

  it("are counted one by one", () => {
    const usages = measure(instance, [poll, api, early, late], hour);

    expect(usages.reduce((total, { evidence }) => total + evidence.readings, 0)).toBe(4);
  });
});

describe("a transition told twice", () => {
  const stop = (ms: number, told: Partial<Told> = {}): Sample =>
    reading({
      at: (minute(10) + ms) as Instant,
      transition: "power_off/req-1",
      origin: "notification",
      source: "nova",
      ...told,
    });

  it("counts once, at the earlier telling", () => {
    expect(inOrder([stop(1_000, { dimensions: LARGE }), stop(0)])).toEqual([stop(0)]);
  });

  it("is two transitions when the tellings are more than two seconds apart", () => {
    expect(inOrder([stop(0), stop(2_001)])).toHaveLength(2);
  });

  it("is told twice up to two seconds apart", () => {
    expect(inOrder([stop(0), stop(2_000)])).toHaveLength(1);
  });

  it("is never paired with another request's, nor with a reading that has a time of its own", () => {
    const { transition: _, ...timed } = stop(500);

    expect(inOrder([stop(0), stop(100, { transition: "power_off/req-2" }), reading(timed)])).toHaveLength(3);
  });
});

describe("a delivery", () => {
  it("of a reading that is there already changes nothing, whichever came first", () => {
    const legacy = reading({ at: minute(1), sequence: 5, message: "legacy" });
    const versioned = reading({ at: minute(1), sequence: 4, message: "versioned" });

    expect(inOrder([legacy, versioned])).toEqual([versioned]);
    expect(inOrder([versioned, legacy])).toEqual([versioned]);
  });

  it("of the same sequence is told by its message", () => {
    const a = reading({ at: minute(1), message: "a" });
    const b = reading({ at: minute(1), message: "b" });

    expect(inOrder([b, a])).toEqual(inOrder([a, b]));
  });
});

it("resources are kept apart by region and name", () => {
  const told = [
    reading({ at: minute(1) }),
    reading({ at: minute(1), region: "RegionTwo" }),
    reading({ at: minute(1), resource: "vm-0" }),
  ];

  expect(resourcesOf(told).map((series) => series.length)).toEqual([1, 1, 1]);
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}
