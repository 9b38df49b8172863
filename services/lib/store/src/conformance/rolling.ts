import { type Coverage, EVERYTHING, type Sample } from "@raingauge/domain";
import { LARGE, reading } from "@raingauge/test/generators/reading.ts";
import { expect, it } from "vitest";
import { type Exemptions, named, type Open } from "./place.ts";
import { arrival, arrivalOf, DAY, expected, hour, hours, listening, polling, quantities } from "./terms.ts";

/** Promise 5, and what of promise 4 roll-ups could spoil. */
export function rolling(open: Open, { hoursNotCounted }: Exemptions): void {
  const rolls = it.skipIf(hoursNotCounted !== undefined);

  rolls.each<{ promise: string; known: Sample[]; late: Sample[]; hours: number }>([
    {
      promise: "a late sighting dirties the hours from its predecessor to its successor",
      known: [
        reading({ at: hour(0.5) }),
        reading({ at: hour(4.5), stance: "sights" }),
        reading({ at: hour(9.5), stance: "sights" }),
      ],
      late: [reading({ at: hour(7.2), stance: "sights" })],
      hours: 6,
    },
    {
      promise: "a late statement dirties the hours up to the next statement",
      known: [
        reading({ at: hour(0.5) }),
        reading({ at: hour(4.5), stance: "sights" }),
        reading({ at: hour(9.5) }),
        reading({ at: hour(12.5) }),
      ],
      late: [reading({ at: hour(2.5), dimensions: LARGE })],
      hours: 10,
    },
    {
      promise: "a late reading of a measured value dirties no hour beyond its successor's",
      known: [0, 1, 2, 3].map((each) => reading({ meter: "memory.usage", at: hour(each + 0.1), value: BigInt(each) })),
      late: [reading({ meter: "memory.usage", at: hour(1.5), value: 7n })],
      hours: 2,
    },
    {
      promise: "a late reading of a counter dirties the hours from its predecessor to its successor",
      known: [0, 3, 6].map((each) => reading({ meter: "cpu", at: hour(each + 0.5), value: BigInt(each) })),
      late: [reading({ meter: "cpu", at: hour(4), value: 4n })],
      hours: 4,
    },
  ])("$promise", async ({ known, late, hours: dirty }) => {
    await using opened = await open();
    const { store } = opened;
    await store.append([arrivalOf(1, { samples: known, coverage: [polling(hours(0, 24), 7_200)] })]);
    await store.rollUp();
    expect(await store.rollUp()).toEqual({ series: 0, hours: 0 });

    await store.append([arrival(2, ...late)]);

    expect(await store.rollUp()).toEqual({ series: 1, hours: dirty });
    expect(await store.rollUp()).toEqual({ series: 0, hours: 0 });
  });

  rolls(
    named("a reading in the order of things dirties its own hour and those since the last one", hoursNotCounted),
    async () => {
      await using opened = await open();
      const { store } = opened;
      await store.append([
        arrival(1, ...[0, 1, 2].map((each) => reading({ meter: "cpu", at: hour(each + 0.5), value: 1n }))),
      ]);
      await store.rollUp();

      await store.append([arrival(2, reading({ meter: "cpu", at: hour(4.5), value: 2n }))]);

      expect(await store.rollUp()).toEqual({ series: 1, hours: 3 });
    },
  );

  it("a reading that refutes an inferred end gives back the hours that it had cost", async () => {
    await using opened = await open();
    const { store } = opened;
    const told = [
      arrivalOf(1, {
        samples: [reading({ at: hour(0.5) }), reading({ at: hour(6.5), stance: "vanishes" })],
        coverage: [polling(hours(0, 24))],
      }),
    ];
    await store.append(told);
    await store.rollUp();
    expect(await store.measure({ period: DAY }, EVERYTHING)).toEqual(expected(told, { period: DAY }, EVERYTHING));

    const refuting = arrival(2, reading({ at: hour(9.5), stance: "sights" }));
    await store.append([refuting]);

    const now = expected([...told, refuting], { period: DAY }, EVERYTHING);
    expect(await store.measure({ period: DAY }, EVERYTHING)).toEqual(now);
    await store.rollUp();
    expect(await store.measure({ period: DAY }, EVERYTHING)).toEqual(now);
  });

  it.each<{ promise: string; before: Coverage[]; later: Coverage }>([
    {
      promise: "a source that begins to confirm changes what was measured before",
      before: [listening(hours(0, 24))],
      later: polling(hours(0, 24)),
    },
    {
      promise: "a source that is heard late to have confirmed from earlier on changes what was measured before",
      before: [listening(hours(0, 24)), polling(hours(8, 24))],
      later: polling(hours(0, 8)),
    },
    {
      promise: "a source that allows a longer silence changes what was measured before",
      before: [polling(hours(0, 24))],
      later: polling(hours(12, 13), 7_200),
    },
  ])("$promise", async ({ before, later }) => {
    await using opened = await open();
    const { store } = opened;
    const samples = [reading({ at: hour(1) }), reading({ at: hour(9), stance: "sights" })];
    const told = [arrivalOf(1, { samples, coverage: before }), arrivalOf(2, { coverage: [later] })];
    await store.append(told.slice(0, 1));
    await store.rollUp();

    await store.append(told.slice(1));

    const now = expected(told, { period: DAY }, EVERYTHING);
    expect(now).not.toEqual(expected(told.slice(0, 1), { period: DAY }, EVERYTHING));
    expect(await store.measure({ period: DAY }, EVERYTHING)).toEqual(now);
    await store.rollUp();
    expect(await store.measure({ period: DAY }, EVERYTHING)).toEqual(now);
  });

  it("a hold that only a listener proves grows with what the listener hears", async () => {
    await using opened = await open();
    const { store } = opened;
    await store.append([arrivalOf(1, { samples: [reading({ at: hour(1) })], coverage: [listening(hours(0, 3))] })]);
    await store.rollUp();
    expect(quantities(await store.measure({ period: DAY }, EVERYTHING))).toEqual([2n]);

    await store.append([arrivalOf(2, { coverage: [listening(hours(3, 8))] })]);

    expect(quantities(await store.measure({ period: DAY }, EVERYTHING))).toEqual([7n]);
  });
}
