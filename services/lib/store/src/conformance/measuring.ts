import { EVERYTHING, METERS, type Period, type Sample, slice } from "@raingauge/domain";
import { samplesOf, someHistories, someSpans } from "@raingauge/test/generators/history.ts";
import { LARGE, reading } from "@raingauge/test/generators/reading.ts";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Arrival } from "../store.ts";
import { type Exemptions, histories, type Open } from "./place.ts";
import { arrival, arrivalOf, aScope, DAY, expected, hour, hours, PROPERTY_MS, polling } from "./terms.ts";

/** What arrives in turns, after which of them it is rolled up, and what is asked about. */
export const rolledNowAndThen = fc.record({
  turns: someHistories,
  rollAfter: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  spans: someSpans,
});

/** Promises 3, 4 and 6: usage and the readings behind it, as the domain has them, now and as of a watermark. */
export function measuring(open: Open, exempt: Exemptions): void {
  it(
    "measures what the domain measures, whatever arrived in whatever order and was rolled up between",
    async () => {
      await fc.assert(
        fc.asyncProperty(rolledNowAndThen, aScope, async ({ turns, rollAfter, spans }, scope) => {
          await using opened = await open();
          const { store } = opened;
          const told: Arrival[] = [];
          for (const [turn, arrivals] of turns.entries()) {
            told.push(...arrivals);
            await store.append(arrivals);
            if (rollAfter[turn] === true) await store.rollUp();
            for (const period of spans)
              expect(await store.measure({ period }, scope)).toEqual(expected(told, { period }, scope));
          }
        }),
        histories(15, exempt),
      );
    },
    PROPERTY_MS,
  );

  it(
    "narrows what it measures to a meter, a region, a resource",
    async () => {
      const query = fc.record(
        {
          meters: fc.constantFrom(["cpu"], ["instance", "volume.size"]),
          region: fc.constant("RegionOne"),
          resource: fc.constant("thing-1"),
        },
        { requiredKeys: [] },
      );
      await fc.assert(
        fc.asyncProperty(someHistories, someSpans, query, async (turns, spans, narrow) => {
          await using opened = await open();
          const { store } = opened;
          await store.append(turns.flat());
          await store.rollUp();

          for (const period of spans)
            expect(await store.measure({ ...narrow, period }, EVERYTHING)).toEqual(
              expected(turns.flat(), { ...narrow, period }, EVERYTHING),
            );
        }),
        histories(6, exempt),
      );
    },
    PROPERTY_MS,
  );

  it(
    "answers as of a watermark what it answered then",
    async () => {
      await fc.assert(
        fc.asyncProperty(someHistories, someSpans, async (turns, spans) => {
          await using opened = await open();
          const { store } = opened;
          const answers = [];
          for (const [turn, arrivals] of turns.entries()) {
            await store.append(arrivals);
            if (turn % 3 !== 1) continue;
            const asOf = await store.watermark();
            for (const period of spans) {
              const usage = await store.measure({ period }, EVERYTHING);
              const samples = await store.series({ meter: "instance", period, asOf }, EVERYTHING);
              answers.push({ asOf, period, usage, samples });
            }
          }
          await store.rollUp();

          for (const { asOf, period, usage, samples } of answers) {
            expect(await store.measure({ period, asOf }, EVERYTHING)).toEqual(usage);
            expect(await store.series({ meter: "instance", period, asOf }, EVERYTHING)).toEqual(samples);
          }
        }),
        histories(6, exempt),
      );
    },
    PROPERTY_MS,
  );

  it(
    "returns what slice keeps of every series",
    async () => {
      await fc.assert(
        fc.asyncProperty(someHistories, someSpans, async (turns, spans) => {
          await using opened = await open();
          const { store } = opened;
          await store.append(turns.flat());
          const told = samplesOf(turns.flat());

          const isAsked = (name: string, index: number) => index % 50 === 0 || told.some(({ meter }) => meter === name);
          // Of the meters that nothing was told of, which are nearly all, a few stand for the others.
          for (const meter of METERS.filter(({ name }, index) => isAsked(name, index))) {
            const mine = told.filter((sample) => sample.meter === meter.name);
            const kept = [...Map.groupBy(mine, ({ region }) => region)].toSorted(([a], [b]) => (a < b ? -1 : 1));
            for (const period of spans)
              expect(await store.series({ meter: meter.name, period }, EVERYTHING)).toEqual(
                kept.flatMap(([, samples]) => slice(meter, samples, period)),
              );
          }
        }),
        histories(6, exempt),
      );
    },
    PROPERTY_MS,
  );

  const minutes = (count: number): number => count / 60;
  const seconds = (count: number): number => count / 3_600;
  const stop = { origin: "notification", source: "nova", transition: "power_off/req-1" } as const;

  it.each<{ promise: string; first: Sample[]; later: Sample[]; period: Period }>([
    {
      promise: "the edges of a period are measured from readings however long ago they were rolled up",
      first: [0.5, 2.5, 3.5].map((each) => reading({ at: hour(each) })),
      later: [reading({ at: hour(6.5), stance: "sights" })],
      period: hours(0.75, 5.2),
    },
    {
      promise: "a transition told on both sides of a period's edge is told once",
      first: [
        reading({ at: hour(0.5) }),
        reading({ ...stop, at: hour(2 - seconds(1)), stance: "sights" }),
        reading({ at: hour(2 - seconds(0.5)), stance: "sights" }),
        reading({ ...stop, at: hour(2 + seconds(0.5)), stance: "sights", message: "versioned" }),
      ],
      later: [reading({ at: hour(7), stance: "sights" })],
      period: hours(2, 5),
    },
    {
      promise: "the statement in force is the telling that counts, however long ago",
      first: [
        reading({ ...stop, at: hour(1 - seconds(1)), dimensions: LARGE }),
        reading({ ...stop, at: hour(1), message: "versioned" }),
        reading({ at: hour(3), stance: "sights" }),
      ],
      later: [reading({ at: hour(7), stance: "sights" })],
      period: hours(4 + minutes(1), 6),
    },
    {
      promise: "the end of a resource says nothing of its counters",
      first: [
        reading({ meter: "cpu", at: hour(1), value: 10n }),
        reading({ meter: "cpu", at: hour(2), stance: "ends" }),
      ],
      later: [reading({ meter: "cpu", at: hour(4), value: 40n })],
      period: hours(1.5, 3.5),
    },
  ])("$promise", async ({ first, later, period }) => {
    await using opened = await open();
    const { store } = opened;
    const told = [arrivalOf(1, { samples: first, coverage: [polling(hours(0, 24))] }), arrival(2, ...later)];
    for (const each of told) {
      await store.append([each]);
      await store.rollUp();
    }

    expect(await store.measure({ period }, EVERYTHING)).toEqual(expected(told, { period }, EVERYTHING));
    const asOf = await store.watermark();
    expect(await store.measure({ period, asOf }, EVERYTHING)).toEqual(expected(told, { period }, EVERYTHING));
  });

  it("answers one question while another thing arrives", async () => {
    await using opened = await open();
    const { store } = opened;
    await store.append([arrival(1, reading({ at: hour(1) }))]);

    const all = await Promise.all([
      ...Array.from({ length: 20 }, (_, index) => store.append([arrival(2 + index, reading({ at: hour(2 + index) }))])),
      store.measure({ period: DAY }, EVERYTHING),
      store.rollUp(),
      store.measure({ period: DAY }, EVERYTHING),
    ]);

    expect(all.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => ({ stored: 1, duplicates: 0 })));
    expect((await store.measure({ period: DAY }, EVERYTHING))[0]?.evidence.readings).toBe(21);
  });
}
