import { allMeters, at, EVERYTHING, HOUR_MS, type Instant, projects, type Usage } from "@raingauge/domain";
import type { SampleStore } from "@raingauge/store";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { busyCloud, MARCH, march } from "./fixtures/cloud.ts";
import { growing } from "./growing.ts";
import { readAhead } from "./read-ahead.ts";

let store: SampleStore;
beforeAll(async () => {
  store = (await busyCloud()).store;
});

const EACH = new Set(allMeters().map(({ name }) => name));
const someEnds = fc
  .uniqueArray(fc.integer({ min: 1, max: 31 * 24 - 2 }), { minLength: 1, maxLength: 30 })
  .map((hours) => hours.toSorted((a, b) => a - b).map((hour) => at(MARCH.start + hour * HOUR_MS)));

/** What was used, by everything but the resource where those are not told apart. */
const summed = (usages: readonly Usage[], byResource: boolean): ReadonlyMap<string, bigint> => {
  const sums = new Map<string, bigint>();
  for (const { region, project, meter, resource, dimensions, quantity } of usages) {
    const key = JSON.stringify([
      region,
      project,
      meter,
      byResource ? resource : "",
      Object.entries(dimensions).toSorted(),
    ]);
    sums.set(key, (sums.get(key) ?? 0n) + quantity);
  }
  return new Map([...sums].filter(([, sum]) => sum !== 0n).toSorted());
};

describe("a month that is looked at up to one end after another", () => {
  it("has come to what is measured up to each, in whatever order they are asked for, from wherever one is billed", async () => {
    await fc.assert(
      fc.asyncProperty(
        someEnds,
        fc.boolean(),
        fc.constantFrom(EVERYTHING, projects("acme")),
        fc.array(fc.record({ end: fc.nat(), start: fc.constantFrom<Instant>(MARCH.start, march(3, 5), march(17)) }), {
          minLength: 1,
          maxLength: 4,
        }),
        async (ends, byResource, scope, questions) => {
          const grown = growing(store, { month: MARCH, ends, byResource: byResource ? EACH : new Set() });
          for (const { end: number, start } of questions) {
            const end = ends[number % ends.length] ?? MARCH.end;
            if (end <= start) continue;
            const period = { start, end };

            const told = await grown.measure({ period }, scope);

            expect(told.every((usage) => usage.period.start === start && usage.period.end === end)).toBe(true);
            expect(summed(told, byResource)).toEqual(summed(await store.measure({ period }, scope), byResource));
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it("is read in parts, none of which is lost where few are kept", async () => {
    await fc.assert(
      fc.asyncProperty(
        someEnds,
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.nat(), { maxLength: 5 }),
        async (ends, rows, again) => {
          const parts = { start: MARCH.start, ends, byResource: EACH };
          const partAt = readAhead(store, parts, EVERYTHING, rows);

          for (const index of [...ends.keys(), ...again.map((number) => number % ends.length)]) {
            const period = { start: ends[index - 1] ?? MARCH.start, end: ends[index] ?? MARCH.end };
            const told = (await partAt(index)).map(({ usage }) => usage);
            expect(summed(told, true)).toEqual(summed(await store.measure({ period }, EVERYTHING), true));
          }
          expect(await partAt(ends.length)).toEqual([]);
        },
      ),
      { numRuns: 10 },
    );
  });
});
