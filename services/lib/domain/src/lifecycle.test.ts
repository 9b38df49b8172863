import { readFileSync } from "node:fs";
import { LARGE, reading, SMALL } from "@raingauge/test/generators/reading.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNWATCHED, type Watch } from "./coverage.ts";
import {
  at,
  HOUR_MS,
  hourOf,
  type Instant,
  instant,
  lengthMs,
  MINUTE_MS,
  overlapMs,
  type Period,
  SECOND_MS,
} from "./instant.ts";
import type { Meter } from "./meter.ts";
import { meterNamed } from "./meters.ts";
import type { Sample } from "./sample.ts";
import { slice } from "./slice.ts";
import { measure, type Usage } from "./usage.ts";

const instance = meterNamed("instance") as Meter;
const DAY_MS = 24 * HOUR_MS;

/** Calendar months of named zones: those in which the clocks change, last half an hour less, or skip a day. */
const MONTHS: readonly [string, Period][] = Object.entries(
  JSON.parse(readFileSync(new URL("../../../../test/vectors/billing-vectors.json", import.meta.url), "utf8"))
    .billing_months as Record<string, { start: string; end: string }>,
)
  .map(([name, { start, end }]): [string, Period] => [name, { start: instant(start), end: instant(end) }])
  .filter(([, { start }]) => start > instant("2001-01-01T00:00:00Z")); // before that, nothing was metered

interface Lifecycle {
  readonly alive: Period;
  readonly samples: readonly Sample[];
}

/** A machine that is created, resized and switched off and on at random, polled or not, and deleted for certain. */
const aLifecycle = (from: Instant, spanMs: number): fc.Arbitrary<Lifecycle> =>
  fc
    .record({
      start: fc.nat(Math.floor(spanMs / SECOND_MS)),
      lasts: fc.nat(Math.floor(spanMs / SECOND_MS)),
      changes: fc.array(
        fc.record({ after: fc.nat(spanMs), dimensions: fc.constantFrom(SMALL, LARGE, { ...SMALL, state: "stopped" }) }),
        { maxLength: 6 },
      ),
      polls: fc.array(fc.nat(spanMs), { maxLength: 20 }),
    })
    .map(({ start, lasts, changes, polls }) => {
      const alive: Period = { start: at(from + start * SECOND_MS), end: at(from + (start + lasts) * SECOND_MS) };
      const lived = (after: number): boolean => alive.start + after < alive.end;
      const told = { origin: "notification", source: "nova" } as const;
      return {
        alive,
        samples: [
          reading({ at: alive.start, ...told }),
          ...changes
            .filter(({ after }) => lived(after))
            .map(({ after, dimensions }) => reading({ at: at(alive.start + after), ...told, dimensions })),
          ...polls.filter(lived).map((after) => reading({ at: at(alive.start + after), stance: "sights" })),
          reading({ at: alive.end, ...told, stance: "ends" }),
        ],
      };
    });

const billedMs = (usages: readonly Usage[]): bigint => usages.reduce((total, { quantity }) => total + quantity, 0n);
const provedMs = (usages: readonly Usage[]): number =>
  usages.reduce((total, { evidence }) => total + evidence.observedMs + evidence.inferredMs, 0);

describe("seconds billed are seconds alive", () => {
  it.each(MONTHS)("in %s and the days around it", (_, month) => {
    const before: Period = { start: at(month.start - 30 * DAY_MS), end: month.start };
    const after: Period = { start: month.end, end: at(month.end + 90 * DAY_MS) };

    fc.assert(
      fc.property(aLifecycle(at(month.start - 5 * DAY_MS), 40 * DAY_MS), ({ alive, samples }) => {
        for (const period of [before, month, after]) {
          const usages = measure(instance, slice(instance, samples, period), period);

          expect(billedMs(usages)).toBe(BigInt(overlapMs(alive, period)));
          expect(provedMs(usages)).toBe(overlapMs(alive, period));
        }
      }),
    );
  });

  it("hour by hour", () => {
    fc.assert(
      fc.property(aLifecycle(instant("2026-03-29T00:00:00Z"), 6 * HOUR_MS), ({ alive, samples }) => {
        const hours = hoursOf(alive).map((hour) => billedMs(measure(instance, slice(instance, samples, hour), hour)));

        expect(hours.reduce((total, ms) => total + ms, 0n)).toBe(BigInt(lengthMs(alive)));
      }),
    );
  });

  it("up to the last reading and the limit after it, where the end was never told", () => {
    const limitMs = 15 * MINUTE_MS;
    const watch: Watch = {
      ...UNWATCHED,
      confirmations: [{ source: "libvirt", limitMs, since: instant("2020-01-01T00:00:00Z") }],
    };

    fc.assert(
      fc.property(aLifecycle(instant("2026-03-29T00:00:00Z"), 6 * HOUR_MS), ({ alive, samples }) => {
        const untold = samples.slice(0, -1);
        const last = Math.max(...untold.map((sample) => sample.at));
        const usages = measure(instance, untold, { start: alive.start, end: at(alive.end + DAY_MS) }, watch);

        expect(billedMs(usages)).toBe(BigInt(last + limitMs - alive.start));
        expect(usages.flatMap(({ evidence }) => evidence.end ?? [])).toEqual([
          { at: last + limitMs, kind: "inferred" },
        ]);
      }),
    );
  });
});

function hoursOf({ start, end }: Period): Period[] {
  const first = hourOf(start);
  const count = Math.floor((end - first) / HOUR_MS) + 1;
  return Array.from({ length: count }, (_, index) => ({
    start: at(first + index * HOUR_MS),
    end: at(first + (index + 1) * HOUR_MS),
  }));
}
