import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aPeriod, aWatch, someCounts, someCuts, someReadings, tiles } from "@raingauge/test/generators/series.ts";
import type { Meter } from "./meter.ts";
import { meterNamed } from "./meters.ts";
import { combine, inIdentityOrder } from "./portion.ts";
import { slice } from "./slice.ts";
import { measure } from "./usage.ts";

const instance = meterNamed("instance") as Meter;
const traffic = meterNamed("network.outgoing.bytes") as Meter;
const memory = { ...(meterNamed("memory.usage") as Meter), dimensions: [] };

for (const [meter, some] of [
  [instance, someReadings],
  [memory, someReadings],
  [traffic, someCounts],
] as const) {
  describe(meter.name, () => {
    it("adjacent periods add up", () => {
      fc.assert(
        fc.property(some, aPeriod, someCuts, aWatch, (samples, period, cuts, watch) => {
          const parts = tiles(period, cuts).flatMap((part) => measure(meter, samples, part, watch));
          expect(inIdentityOrder(combine(parts, period))).toEqual(
            inIdentityOrder(measure(meter, samples, period, watch)),
          );
        }),
        { numRuns: 2000 },
      );
    });
    it("slice", () => {
      fc.assert(
        fc.property(some, aPeriod, aWatch, (samples, period, watch) => {
          expect(measure(meter, slice(meter, samples, period), period, watch)).toEqual(
            measure(meter, samples, period, watch),
          );
        }),
        { numRuns: 2000 },
      );
    });
    it("order", () => {
      fc.assert(
        fc.property(some, aPeriod, aWatch, (samples, period, watch) => {
          expect(measure(meter, [...samples, ...samples].toReversed(), period, watch)).toEqual(
            measure(meter, samples, period, watch),
          );
        }),
        { numRuns: 2000 },
      );
    });
  });
}
