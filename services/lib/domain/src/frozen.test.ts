import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sharedOut } from "./frozen.ts";
import { at, HOUR_MS, type Instant, instant, type Period } from "./instant.ts";
import { combine } from "./portion.ts";
import type { Usage } from "./usage.ts";

const NOON = instant("2026-01-15T12:00:00Z");
const HOUR: Period = { start: NOON, end: at(NOON + HOUR_MS) };

const aUsage: fc.Arbitrary<Usage> = fc
  .record({ quantity: fc.bigInt({ min: 0n, max: 10n ** 24n }), readings: fc.nat(60), inferredMs: fc.nat(HOUR_MS) })
  .map(({ quantity, readings, inferredMs }) => ({
    ...{ region: "RegionOne", project: "acme", meter: "instance", resource: "vm-1", dimensions: {}, period: HOUR },
    quantity,
    evidence: { readings, observedMs: HOUR_MS - inferredMs, inferredMs, afterEnd: 0, counterDropped: 0 },
  }));

const someEdges = fc
  .array(fc.nat(HOUR_MS), { maxLength: 5 })
  .map((offsets) => [...new Set([NOON, ...offsets.map((each) => NOON + each), NOON + HOUR_MS])].toSorted());

describe("sharedOut", () => {
  it("shares out every unit exactly once, however an hour is cut", () => {
    fc.assert(
      fc.property(aUsage, someEdges, (usage, edges) => {
        const tiles = edges.slice(1).map((edge, index): Period => ({ start: edges[index] as Instant, end: at(edge) }));

        const parts = tiles.flatMap((tile) => sharedOut(usage, tile) ?? []);

        expect(combine(parts, HOUR)).toEqual(combine([usage], HOUR));
      }),
    );
  });

  it("gives an end to the part in which it lies, and nothing to a period elsewhere", () => {
    const end = { at: at(NOON + 20 * 60_000), kind: "final" as const };
    const [drawn] = fc.sample(aUsage, 1) as [Usage];
    const usage = { ...drawn, quantity: 7n, evidence: { ...drawn.evidence, end } };
    const half = at(NOON + HOUR_MS / 2);

    expect(sharedOut(usage, { start: NOON, end: half })).toMatchObject({ quantity: 3n, evidence: { end } });
    expect(sharedOut(usage, { start: half, end: HOUR.end })?.evidence.end).toBeUndefined();
    expect(sharedOut(usage, { start: HOUR.end, end: at(HOUR.end + 1) })).toBeUndefined();
  });
});
