import { runs } from "@raingauge/test/generators/hunt.ts";
import { minute } from "@raingauge/test/generators/reading.ts";
import { anInstant, aWatch } from "@raingauge/test/generators/series.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Coverage, heldUntil, watch } from "./coverage.ts";
import { MINUTE_MS } from "./instant.ts";

const covered = (from: number, to: number, told: Partial<Coverage> = {}): Coverage => ({
  region: "RegionOne",
  source: "listener",
  agent: "listener-01",
  period: { start: minute(from), end: minute(to) },
  ...told,
});

const libvirt = (from: number, to: number, agent: string): Coverage =>
  covered(from, to, { source: "libvirt", agent, confirms: { resourceTypes: ["instance"], limitSeconds: 900 } });

describe("a watch", () => {
  it("knows each confirming source once, from its first agent's beginning on", () => {
    const seen = watch([libvirt(30, 40, "compute-02"), libvirt(10, 20, "compute-01")], "RegionOne", "instance");

    expect(seen.confirmations).toEqual([{ source: "libvirt", limitMs: 15 * MINUTE_MS, since: minute(10) }]);
  });

  it("joins what a listener heard minute by minute, and keeps its gaps", () => {
    const seen = watch(
      [covered(2, 3), covered(0, 1), covered(1, 2), covered(5, 6), covered(5, 6)],
      "RegionOne",
      "volume",
    );

    expect(seen.listening).toEqual([
      { start: minute(0), end: minute(3) },
      { start: minute(5), end: minute(6) },
    ]);
  });

  it("knows nothing of another region or another type of resource", () => {
    const seen = watch([covered(0, 1, { region: "RegionTwo" }), libvirt(0, 1, "compute-01")], "RegionOne", "volume");

    expect(seen).toEqual({ confirmations: [], listening: [] });
  });

  it("is the same in whatever order coverage arrives", () => {
    const all = [
      libvirt(30, 40, "compute-02"),
      libvirt(10, 20, "compute-01"),
      covered(2, 3),
      covered(0, 1),
      covered(1, 2),
    ];

    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (arrived) => {
        expect(watch(arrived, "RegionOne", "instance")).toEqual(watch(all, "RegionOne", "instance"));
      }),
    );
  });
});

describe("a hold", () => {
  it("never ends before its reading, nor before a later reading's would: one more reading cannot shorten a bill", () => {
    fc.assert(
      fc.property(aWatch, anInstant, anInstant, (seen, a, b) => {
        const [earlier, later] = a < b ? [a, b] : [b, a];

        expect(heldUntil(seen, earlier)).toBeGreaterThanOrEqual(earlier);
        expect(heldUntil(seen, later)).toBeGreaterThanOrEqual(heldUntil(seen, earlier));
      }),
      { numRuns: runs(1_000) },
    );
  });
});
