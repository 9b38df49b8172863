import { LARGE, reading } from "@raingauge/test/generators/reading.ts";
import { anInstant, aPeriod, aWatch, someCounts, someReadings } from "@raingauge/test/generators/series.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { at, type Instant, instant } from "./instant.ts";
import type { Meter } from "./meter.ts";
import { meterNamed } from "./meters.ts";
import { retained } from "./retained.ts";
import { slice } from "./slice.ts";
import { measure } from "./usage.ts";

const meter = (name: string): Meter => meterNamed(name) as Meter;

describe("retained", () => {
  it.each([
    { name: "instance", some: someReadings },
    { name: "network.outgoing.bytes", some: someCounts },
  ])("leaves every hour from the horizon on as it was measured: $name", ({ name, some }) => {
    fc.assert(
      fc.property(some, anInstant, aPeriod, aWatch, (samples, horizon, { end }, watch) => {
        fc.pre(end > horizon);
        const period = { start: horizon, end };
        const later = samples.filter(({ at }) => at >= horizon);

        const left = [...retained(meter(name), samples, horizon), ...later];

        expect(measure(meter(name), left, period, watch)).toEqual(measure(meter(name), samples, period, watch));
      }),
    );
  });

  it("keeps of a volume created years ago its start, its last size and its last sighting", () => {
    const volume = { meter: "volume.size", resource: "disk-1" };
    const created = reading({ ...volume, at: instant("2023-05-05T00:00:00Z"), value: 5n });
    const extended = reading({ ...volume, at: instant("2024-06-06T00:00:00Z"), value: 9n });
    const seen = [1, 2, 3].map((day) =>
      reading({ ...volume, at: instant(`2025-12-0${day}T00:00:00Z`), stance: "sights" }),
    );

    const left = retained(meter("volume.size"), [...seen, extended, created], instant("2026-01-01T00:00:00Z"));

    expect(left).toEqual([created, extended, seen[2]]);
  });

  it("keeps a transition that may be told again within two seconds after the horizon, and none that may not", () => {
    const horizon = instant("2026-01-01T00:00:00Z");
    const shelved = (at: Instant, message: string) =>
      reading({ at, message, origin: "notification", source: "nova", transition: "shelve/req-1" });
    const created = reading({ at: instant("2025-12-01T00:00:00Z") });
    const told = shelved(instant("2025-12-31T23:59:58Z"), "legacy");
    const seen = reading({ at: instant("2025-12-31T23:59:59Z"), dimensions: LARGE });
    const retold = shelved(horizon, "versioned");

    const left = retained(meter("instance"), [created, told, seen], horizon);

    expect(left).toEqual([created, told, seen]);
    const period = { start: horizon, end: instant("2026-01-01T01:00:00Z") };
    expect(measure(meter("instance"), [...left, retold], period)).toEqual(
      measure(meter("instance"), [created, told, seen, retold], period),
    );
    const longAgo = shelved(at(told.at - 1), "legacy");
    expect(retained(meter("instance"), [created, longAgo, seen], horizon)).toEqual([created, seen]);
  });

  it("keeps the end mark however long ago, and what a counter's resource ended by", () => {
    const horizon = instant("2026-01-01T00:00:00Z");
    const ended = reading({ at: instant("2025-02-01T00:00:00Z"), stance: "ends" });
    const after = reading({ at: instant("2025-03-01T00:00:00Z"), stance: "sights" });
    const counted = { ...ended, meter: "cpu" };

    expect(retained(meter("instance"), [after, ended], horizon)).toContain(ended);
    expect(retained(meter("cpu"), [counted], horizon)).toEqual([counted]);
    expect(slice(meter("cpu"), [counted], { start: horizon, end: horizon })).toEqual([]);
  });
});
