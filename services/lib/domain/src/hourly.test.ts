import { runs } from "@raingauge/test/generators/hunt.ts";
import { aWatch, SPAN, someCounts, someReadings } from "@raingauge/test/generators/series.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { incarnationKey } from "./counter.ts";
import { hourly } from "./hourly.ts";
import { at, HOUR_MS, type Period } from "./instant.ts";
import { meterNamed } from "./meters.ts";
import { resourcesOf } from "./timeline.ts";
import { measure } from "./usage.ts";

const span: Period = { start: at(SPAN.start - HOUR_MS), end: at(SPAN.end + 4 * HOUR_MS) };
const hours = Array.from({ length: 11 }, (_, index) => ({
  start: at(span.start + index * HOUR_MS),
  end: at(span.start + (index + 1) * HOUR_MS),
}));

describe("hourly", () => {
  it.each([
    { name: "instance", readings: someReadings },
    { name: "memory.usage", readings: someReadings },
    { name: "network.outgoing.bytes", readings: someCounts },
  ])("measures $name hour by hour as measure does", ({ name, readings }) => {
    const meter = meterNamed(name) ?? expect.fail(`no meter ${name}`);

    fc.assert(
      fc.property(readings, aWatch, (samples, watch) => {
        for (const resource of resourcesOf(samples)) {
          for (const series of Map.groupBy(resource, ({ incarnation }) => incarnationKey(incarnation)).values()) {
            const expected = hours.flatMap((hour) => measure(meter, series, hour, watch));
            expect(hourly(meter, series, span, watch)).toEqual(expected);
          }
        }
      }),
      { numRuns: runs(300) },
    );
  });
});
