import { runs } from "@raingauge/test/generators/hunt.ts";
import { aPeriod, aWatch, SPAN, someCounts, someCuts, someReadings, tiles } from "@raingauge/test/generators/series.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Watch } from "./coverage.ts";
import { at, type Period } from "./instant.ts";
import type { Meter } from "./meter.ts";
import { meterNamed } from "./meters.ts";
import { combine, dimensionsKey, inIdentityOrder } from "./portion.ts";
import type { Sample } from "./sample.ts";
import { slice } from "./slice.ts";
import { inOrder, isFirm, untilFinalEnd } from "./timeline.ts";
import { measure, type Usage } from "./usage.ts";

const instance = meterNamed("instance") as Meter;
const memory = meterNamed("memory.usage") as Meter;
const traffic = meterNamed("network.outgoing.bytes") as Meter;

const kinds = [
  { subject: "an existence meter", meter: instance, some: someReadings },
  { subject: "a measured gauge", meter: memory, some: someReadings },
  { subject: "a counter", meter: traffic, some: someCounts },
] as const;

describe.each(kinds)("the usage of $subject", ({ meter, some }) => {
  it("of adjoining periods adds up, in quantity and in evidence", () => {
    fc.assert(
      fc.property(some, aPeriod, someCuts, aWatch, (samples, period, cuts, watch) => {
        const parts = tiles(period, cuts).flatMap((part) => measure(meter, samples, part, watch));

        expect(combine(parts, period)).toEqual(inIdentityOrder(measure(meter, samples, period, watch)));
      }),
      { numRuns: runs(500) },
    );
  });

  it("is the same in whatever order readings arrive, and however often", () => {
    fc.assert(
      fc.property(shuffled(some), aPeriod, aWatch, ([samples, arrived], period, watch) => {
        expect(measure(meter, arrived, period, watch)).toEqual(measure(meter, samples, period, watch));
      }),
      { numRuns: runs(500) },
    );
  });

  it("of a slice is the usage of everything", () => {
    fc.assert(
      fc.property(some, aPeriod, aWatch, (samples, period, watch) => {
        expect(measure(meter, slice(meter, samples, period), period, watch)).toEqual(
          measure(meter, samples, period, watch),
        );
      }),
      { numRuns: runs(500) },
    );
  });

  it("of a slice and anything more is the usage of everything", () => {
    fc.assert(
      fc.property(
        withPart(some.map((samples) => samples.map(timed))),
        aPeriod,
        aWatch,
        ([samples, more], period, watch) => {
          const kept = [...slice(meter, samples, period), ...more];

          expect(measure(meter, kept, period, watch)).toEqual(measure(meter, samples, period, watch));
        },
      ),
      { numRuns: runs(500) },
    );
  });

  it("is never negative, and never of more time than the period has", () => {
    fc.assert(
      fc.property(some, aPeriod, aWatch, (samples, period, watch) => {
        for (const { quantity, evidence } of measure(meter, samples, period, watch)) {
          expect(quantity >= 0n && evidence.observedMs >= 0 && evidence.inferredMs >= 0).toBe(true);
        }
      }),
    );
  });

  it("accounts for every reading exactly once", () => {
    fc.assert(
      fc.property(some, aWatch, (samples, watch) => {
        const usages = measure(meter, samples, { start: SPAN.start, end: at(SPAN.end + 1) }, watch);
        const counted = usages.reduce((total, { evidence }) => total + evidence.readings + evidence.afterEnd, 0);

        expect(counted).toBe(distinctReadings(samples));
      }),
    );
  });
});

describe("a steady existence", () => {
  const steady = someReadings.map((samples) =>
    samples.map((sample) => ({ ...sample, ...SAME, id: `${sample.resource}${sample.at}` })),
  );

  it("is never billed less for more readings", () => {
    fc.assert(
      fc.property(withPart(steady), aPeriod, aWatch, ([more, fewer], period, watch) => {
        expect(billed(more, period, watch) >= billed(fewer, period, watch)).toBe(true);
      }),
      { numRuns: runs(500) },
    );
  });

  const billed = (samples: readonly Sample[], period: Period, watch: Watch): bigint =>
    measure(instance, samples, period, watch).reduce((total, { quantity }) => total + quantity, 0n);
});

const SAME = {
  stance: "states",
  project: "acme",
  value: 1n,
  dimensions: {},
  transition: undefined,
} as unknown as Sample;

describe("a charge", () => {
  it("of an existence is unchanged by sightings between its readings, whatever they saw", () => {
    fc.assert(
      fc.property(
        someReadings.map((samples) => samples.map(timed)),
        someReadings.map(asSightings),
        aPeriod,
        aWatch,
        (samples, sightings, period, watch) => {
          const more = sightings.filter((sighting) => isBetween(sighting, samples));

          expect(charged(instance, [...samples, ...more], period, watch)).toEqual(
            charged(instance, samples, period, watch),
          );
        },
      ),
      { numRuns: runs(1_000) },
    );
  });

  it.each([instance, memory])(
    "of $name is unchanged by another reading of the same value within the limit",
    (meter) => {
      fc.assert(
        fc.property(
          someReadings.map((samples) => samples.map(timed)),
          fc.nat(),
          aPeriod,
          aWatch,
          (samples, pick, period, watch) => {
            const again = repeated(meter, samples, pick);

            expect(charged(meter, [...samples, ...again], period, watch)).toEqual(
              charged(meter, samples, period, watch),
            );
          },
        ),
        { numRuns: runs(1_000) },
      );
    },
  );
});

/** Between the first and the last certain reading of a resource that once stated what it is. */
function isBetween(sighting: Sample, samples: readonly Sample[]): boolean {
  const { alive } = untilFinalEnd(inOrder(samples.filter(({ resource }) => resource === sighting.resource)));
  const firm = alive.filter(isFirm);
  const [first, last] = [firm[0], firm.at(-1)];
  const stated = alive.some(({ stance }) => stance === "states");
  return first !== undefined && last !== undefined && stated && first.at <= sighting.at && sighting.at < last.at;
}

/** One reading more, half way between two that are within the limit, which says what the earlier one said. */
function repeated(meter: Meter, samples: readonly Sample[], pick: number): Sample[] {
  const { alive } = untilFinalEnd(inOrder(samples.filter(({ resource }) => resource === "vm-1")));
  const firm = alive.filter(isFirm);
  const pairs = firm.flatMap((sample, index) => {
    const next = firm[index + 1];
    return next !== undefined && next.at - sample.at > 1 && next.at - sample.at <= meter.silenceSeconds * 1_000
      ? [{ sample, next }]
      : [];
  });
  const pair = pairs[pick % Math.max(1, pairs.length)];
  if (pair === undefined) return [];
  const moment = at(Math.floor((pair.sample.at + pair.next.at) / 2));
  return [{ ...pair.sample, at: moment, id: "again" }];
}

const asSightings = (samples: readonly Sample[]): Sample[] =>
  samples.map((sample) => timed({ ...sample, stance: "sights", id: `sighting ${sample.id}` }));

/** With a time of its own: a transition that is told again is another matter. */
function timed({ transition: _, ...sample }: Sample): Sample {
  return sample;
}

const charged = (meter: Meter, samples: readonly Sample[], period: Period, watch: Watch): unknown[] =>
  inIdentityOrder(measure(meter, samples, period, watch))
    .filter(({ quantity }) => quantity > 0n)
    .map(identified);

const identified = ({ resource, project, dimensions, quantity }: Usage): unknown => [
  resource,
  project,
  dimensionsKey(dimensions),
  quantity,
];

const withPart = (some: fc.Arbitrary<Sample[]>): fc.Arbitrary<[Sample[], Sample[]]> =>
  some.chain((samples) => fc.tuple(fc.constant(samples), fc.subarray(samples)));

const shuffled = (some: fc.Arbitrary<Sample[]>): fc.Arbitrary<[Sample[], Sample[]]> =>
  some.chain((samples) =>
    fc.tuple(
      fc.constant(samples),
      fc
        .tuple(fc.shuffledSubarray(samples, { minLength: samples.length }), fc.subarray(samples))
        .map(([all, again]) => [...all, ...again]),
    ),
  );

const distinctReadings = (samples: readonly Sample[]): number =>
  [
    ...Map.groupBy(samples, ({ resource, incarnation }) => `${resource} ${JSON.stringify(incarnation)}`).values(),
  ].reduce((total, series) => total + inOrder(series).length, 0);
