import { runs } from "@raingauge/test/generators/hunt.ts";
import { NOON, reading } from "@raingauge/test/generators/reading.ts";
import { aWatch, SPAN, someCounts, someReadings } from "@raingauge/test/generators/series.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { at, HOUR_MS, MINUTE_MS, overlapMs, type Period } from "./instant.ts";
import type { Meter } from "./meter.ts";
import { meterNamed } from "./meters.ts";
import { reach } from "./reach.ts";
import type { Sample, Stance } from "./sample.ts";
import { resourcesOf } from "./timeline.ts";
import { measure } from "./usage.ts";

const named = (name: string): Meter => meterNamed(name) ?? expect.fail(`no meter ${name}`);
const instance = named("instance");
const memory = named("memory.usage");
const egress = named("network.outgoing.bytes");
const delta: Meter = { ...memory, name: "requests", kind: "delta" };

const slices = (minutes: number): Period[] =>
  Array.from({ length: (9 * 60) / minutes }, (_, index) => {
    const start = at(SPAN.start - HOUR_MS + index * minutes * MINUTE_MS);
    return { start, end: at(start + minutes * MINUTE_MS) };
  });

/** Some of a series, and all of it. */
const grown = (readings: fc.Arbitrary<Sample[]>): fc.Arbitrary<{ was: readonly Sample[]; is: readonly Sample[] }> =>
  readings
    .chain((samples) => fc.tuple(fc.constant(resourcesOf(samples)[0] ?? []), fc.infiniteStream(fc.boolean())))
    .map(([is, keep]) => ({ was: is.filter(() => keep.next().value === true), is }));

describe("reach", () => {
  it.each([
    { meter: instance, readings: someReadings },
    { meter: memory, readings: someReadings },
    { meter: egress, readings: someCounts },
    { meter: delta, readings: someReadings },
  ])("outside the reach of what arrived, $meter.name measures as before", ({ meter, readings }) => {
    fc.assert(
      fc.property(grown(readings), aWatch, ({ was, is }, watch) => {
        const reached = reach(meter, was, is, watch);
        const untouched = slices(10).filter((slice) => reached.every((span) => overlapMs(span, slice) === 0));

        for (const slice of untouched) {
          expect(measure(meter, is, slice, watch)).toEqual(measure(meter, was, slice, watch));
        }
      }),
      { numRuns: runs(500) },
    );
  });

  it.each<{ name: string; meter?: Meter; was: [number, Stance][]; come: [number, Stance]; hours: [number, number][] }>([
    {
      name: "a sighting between two others reaches from the one before to the one after",
      was: [
        [0, "states"],
        [130, "sights"],
        [250, "sights"],
        [500, "sights"],
      ],
      come: [190, "sights"],
      hours: [[130, 250]],
    },
    {
      name: "a statement reaches on to the next statement",
      was: [
        [0, "states"],
        [130, "sights"],
        [250, "sights"],
        [300, "states"],
        [500, "sights"],
      ],
      come: [190, "states"],
      hours: [[130, 300]],
    },
    {
      name: "the first statement reaches back to the beginning",
      was: [
        [0, "sights"],
        [130, "sights"],
        [250, "states"],
        [500, "sights"],
      ],
      come: [190, "states"],
      hours: [[0, 250]],
    },
    {
      name: "an inferred end that was refuted already is only counted",
      was: [
        [0, "states"],
        [130, "sights"],
      ],
      come: [60, "vanishes"],
      hours: [[60, 60]],
    },
    {
      name: "a reading later than the final end is only counted",
      was: [
        [0, "states"],
        [130, "ends"],
        [250, "sights"],
      ],
      come: [300, "sights"],
      hours: [[300, 300]],
    },
    {
      name: "a final end reaches to the last that was told",
      was: [
        [0, "states"],
        [130, "sights"],
        [250, "sights"],
      ],
      come: [190, "ends"],
      hours: [[130, 250]],
    },
    {
      name: "the last reading of a measured gauge reaches to the end of its hold",
      meter: memory,
      was: [[0, "sights"]],
      come: [10, "sights"],
      hours: [[0, 25]],
    },
    {
      name: "a counter's reading reaches to the next one, and no further",
      meter: egress,
      was: [
        [0, "sights"],
        [130, "sights"],
        [250, "sights"],
        [500, "sights"],
      ],
      come: [190, "sights"],
      hours: [[130, 250]],
    },
  ])("$name", ({ meter = instance, was, come, hours }) => {
    const told = ([minutes, stance]: [number, Stance]) =>
      reading({ at: at(NOON + minutes * MINUTE_MS), stance, meter: meter.name });
    const before = was.map(told);

    const reached = reach(meter, before, [...before, told(come)], { confirmations: [], listening: [] });

    const minuteOf = (moment: number): number => Math.floor((moment - NOON) / MINUTE_MS);
    expect(reached.map(({ start, end }) => [minuteOf(start), minuteOf(end)])).toEqual(hours);
  });
});
