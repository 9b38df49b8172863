import {
  at,
  type Batch,
  type Coverage,
  dimensionsKey,
  EVERYTHING,
  HOUR_MS,
  type Instant,
  inIdentityOrder,
  instant,
  METERS,
  measure,
  type Period,
  permits,
  projects,
  type Sample,
  type Scope,
  slice,
  type Usage,
  watch,
} from "@raingauge/domain";
import { aSpan, coverageOf, PROJECTS, samplesOf, someTurns } from "@raingauge/test/generators/history.ts";
import { LARGE, reading } from "@raingauge/test/generators/reading.ts";
import { decodeInColumns, encodeBatch } from "@raingauge/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pointsOf, subjectsOf } from "./points.ts";
import type { Arrival, Points, SampleStore, Subject, UsageQuery } from "./store.ts";

/** Where a store under test keeps its data. Opened again, after it was disposed of, it has what it had. */
export interface Place extends AsyncDisposable {
  open(clock: () => Instant): Promise<SampleStore>;
}

export interface Exemptions {
  /** Why this store need not survive the process. */
  readonly forgets?: string;
  /** Why this store has nothing to roll up. */
  readonly rollsNothingUp?: string;
}

/** The machine that checks is shared; properties print their seed, and hold no promise about how long they take. */
const PROPERTY_MS = 180_000;

/** Run by every adapter. A store that passes may be used anywhere a `SampleStore` is asked for. */
export function describeSampleStore(name: string, place: () => Promise<Place>, exempt: Exemptions = {}): void {
  const opened = async (): Promise<Opened> => {
    const here = await place();
    const store = await here.open(clock);
    return {
      store,
      here,
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]().then(() => here[Symbol.asyncDispose]()),
    };
  };

  describe(`SampleStore: ${name}`, () => {
    describe("what arrives", () => arriving(opened));
    describe("what survives", () => surviving(place, exempt));
    describe("what is measured", () => measuring(opened));
    describe("what is looked at", () => lookingAt(opened));
    describe("what is rolled up", () => rolling(opened, exempt));
    describe("who sees what", () => confining(opened));
    describe("what is told of resources", () => describing(opened));
  });
}

interface Opened extends AsyncDisposable {
  readonly store: SampleStore;
  readonly here: Place;
}
type Open = () => Promise<Opened>;

/** A clock that stands still: stores must tell instants of storing apart all the same. */
const clock = (): Instant => instant("2026-03-01T00:00:00Z");

const HOUR_0 = instant("2026-01-10T00:00:00Z");
const hour = (count: number): Instant => at(HOUR_0 + Math.round(count * HOUR_MS));
const hours = (from: number, to: number): Period => ({ start: hour(from), end: hour(to) });
const DAY = hours(0, 24);

const arrivalOf = (sequence: number, batch: Partial<Batch>): Arrival => ({
  position: { stream: "RAINGAUGE", sequence: BigInt(sequence) },
  batch: { samples: [], events: [], coverage: [], ...batch },
});
const arrival = (sequence: number, ...samples: Sample[]): Arrival => arrivalOf(sequence, { samples });

const inColumns = ({ position, batch }: Arrival): Arrival => ({
  position,
  batch: decodeInColumns(encodeBatch(batch)),
});

const listening = (period: Period): Coverage => ({ region: "RegionOne", source: "listener", agent: "queue", period });
const polling = (period: Period, limitSeconds = 900): Coverage => ({
  region: "RegionOne",
  source: "libvirt",
  agent: "compute-01",
  period,
  confirms: { resourceTypes: ["instance"], limitSeconds },
});

const quantities = (usages: readonly Usage[]): bigint[] => usages.map(({ quantity }) => quantity / BigInt(HOUR_MS));

function arriving(open: Open): void {
  it("stores a position once however often it is delivered", async () => {
    await using opened = await open();
    const { store } = opened;
    const told = arrival(1, reading({ at: hour(1) }), reading({ at: hour(2) }));

    expect(await store.append([told])).toEqual({ stored: 2, duplicates: 0 });
    expect(await store.append([told])).toEqual({ stored: 0, duplicates: 2 });
    expect(await store.append([told, told, arrival(2, reading({ at: hour(3) }))])).toEqual({
      stored: 1,
      duplicates: 4,
    });

    expect(await store.series({ meter: "instance", period: DAY }, EVERYTHING)).toHaveLength(3);
  });

  it(
    "takes samples in columns, as the bus brings them, like the same samples one by one",
    async () => {
      await fc.assert(
        fc.asyncProperty(someTurns, aSpan, async (turns, period) => {
          await using opened = await open();
          const { store } = opened;

          for (const arrivals of turns) await store.append(arrivals.map(inColumns));

          expect(await store.measure({ period }, EVERYTHING)).toEqual(expected(turns.flat(), { period }, EVERYTHING));
        }),
        { numRuns: 8 },
      );
    },
    PROPERTY_MS,
  );

  it("tells positions of different streams apart", async () => {
    await using opened = await open();
    const { store } = opened;
    const there = { ...arrival(1, reading({ at: hour(2) })), position: { stream: "ELSEWHERE", sequence: 1n } };

    expect(await store.append([arrival(1, reading({ at: hour(1) })), there])).toEqual({ stored: 2, duplicates: 0 });
  });

  it("counts a reading that comes again under another position as a duplicate, and measures it once", async () => {
    await using opened = await open();
    const { store } = opened;
    const told = reading({ at: hour(1) });
    await store.append([arrival(1, told, reading({ at: hour(3) }))]);

    const again = await store.append([arrival(2, { ...told, message: "another", sequence: told.sequence + 1 })]);

    expect(again).toEqual({ stored: 0, duplicates: 1 });
    const [shown] = await store.series({ meter: "instance", period: DAY }, EVERYTHING);
    expect(shown).toEqual(told);
    const [usage] = await store.measure({ meters: ["instance"], period: DAY }, EVERYTHING);
    expect(usage?.evidence.readings).toBe(2);
  });

  it("counts the earliest telling of a reading, whichever arrived first", async () => {
    await using opened = await open();
    const { store } = opened;
    const late = reading({ at: hour(1), sequence: 2, message: "versioned" });
    const early = { ...late, sequence: 1, message: "legacy" };
    await store.append([arrival(1, late)]);

    expect(await store.append([arrival(2, early)])).toEqual({ stored: 0, duplicates: 1 });

    expect(await store.series({ meter: "instance", period: DAY }, EVERYTHING)).toEqual([early]);
  });

  it("stores an event once, by its message id", async () => {
    await using opened = await open();
    const { store } = opened;
    const event = {
      id: "m-1",
      type: "compute.instance.create.end",
      region: "RegionOne",
      source: "nova",
      at: hour(1),
      attributes: { name: "box" },
    };

    expect(await store.append([arrivalOf(1, { events: [event, event] })])).toEqual({ stored: 1, duplicates: 1 });
    expect(await store.append([arrivalOf(2, { events: [event] })])).toEqual({ stored: 0, duplicates: 1 });

    expect(await store.events({ period: DAY }, EVERYTHING)).toEqual([event]);
  });

  it("gives back every reading as it came", async () => {
    await using opened = await open();
    const { store } = opened;
    const told = [
      reading({
        at: hour(1),
        origin: "notification",
        source: "nova",
        transition: "power_off/req-1",
        value: 2n ** 63n - 1n,
      }),
      reading({
        at: hour(2),
        stance: "sights",
        dimensions: LARGE,
        message: "x'); drop table reading; --",
        project: 'o"brien',
      }),
      reading({ at: at(hour(3) + 1), stance: "vanishes", dimensions: {} }),
      reading({ at: hour(4), incarnation: { host: "compute-01", device: "", startedAt: hour(0), witnessed: true } }),
    ];

    await store.append([arrival(1, ...told)]);

    expect(await store.series({ meter: "instance", period: DAY }, EVERYTHING)).toEqual(told);
  });

  it("keeps the readings of a meter that nobody knows, and measures nothing of them", async () => {
    await using opened = await open();
    const { store } = opened;
    const told = reading({ at: hour(1), meter: "tomorrows.meter" });
    await store.append([arrival(1, told, reading({ at: hour(30), meter: "tomorrows.meter" }))]);
    await store.rollUp();

    expect(await store.series({ meter: "tomorrows.meter", period: DAY }, EVERYTHING)).toEqual([told]);
    expect(await store.measure({ period: DAY }, EVERYTHING)).toEqual([]);
    expect(await store.measure({ meters: ["tomorrows.meter"], period: DAY }, EVERYTHING)).toEqual([]);
  });

  it("says nothing of an empty store", async () => {
    await using opened = await open();
    const { store } = opened;

    expect(await store.append([])).toEqual({ stored: 0, duplicates: 0 });
    expect(await store.measure({ period: DAY }, EVERYTHING)).toEqual([]);
    expect(await store.projects(DAY, EVERYTHING)).toEqual([]);
    expect(await store.rollUp()).toEqual({ series: 0, hours: 0 });
  });
}

function surviving(place: () => Promise<Place>, { forgets }: Exemptions): void {
  it.skipIf(forgets !== undefined)(named("has what it had when it is opened again", forgets), async () => {
    await using here = await place();
    const told = [
      arrival(1, reading({ at: hour(1) }), reading({ at: hour(5) })),
      arrivalOf(2, { coverage: [polling(hours(0, 6))] }),
    ];
    const asked = { period: hours(0, 12) };
    const before = await here.open(clock);
    await before.append(told);
    await before.rollUp();
    await before.append([arrival(3, reading({ at: hour(3), stance: "sights" }))]);
    const usage = await before.measure(asked, EVERYTHING);
    const watermark = await before.watermark();
    await before[Symbol.asyncDispose]();

    await using after = await here.open(clock);

    expect(await after.measure(asked, EVERYTHING)).toEqual(usage);
    expect(await after.watermark()).toBe(watermark);
    expect(await after.append(told)).toEqual({ stored: 0, duplicates: 2 });
    await after.append([arrival(4, reading({ at: hour(3), stance: "sights" }), reading({ at: hour(7) }))]);
    expect(await after.watermark()).toBeGreaterThan(watermark);
    expect(await after.series({ meter: "instance", period: DAY }, EVERYTHING)).toHaveLength(4);
  });
}

/** A skipped promise says why in its name, so that nobody takes it for kept. */
const named = (promise: string, exemption: string | undefined): string =>
  exemption === undefined ? promise : `${promise} (exempt: ${exemption})`;

function measuring(open: Open): void {
  it(
    "measures what the domain measures, whatever arrived in whatever order and was rolled up between",
    async () => {
      const plot = fc.record({
        turns: someTurns,
        rollAfter: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        span: aSpan,
      });
      await fc.assert(
        fc.asyncProperty(plot, aScope, async ({ turns, rollAfter, span }, scope) => {
          await using opened = await open();
          const { store } = opened;
          const told: Arrival[] = [];
          for (const [turn, arrivals] of turns.entries()) {
            told.push(...arrivals);
            await store.append(arrivals);
            if (rollAfter[turn] === true) await store.rollUp();
            expect(await store.measure({ period: span }, scope)).toEqual(expected(told, { period: span }, scope));
          }
        }),
        { numRuns: 15 },
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
        fc.asyncProperty(someTurns, aSpan, query, async (turns, period, narrow) => {
          await using opened = await open();
          const { store } = opened;
          await store.append(turns.flat());
          await store.rollUp();

          expect(await store.measure({ ...narrow, period }, EVERYTHING)).toEqual(
            expected(turns.flat(), { ...narrow, period }, EVERYTHING),
          );
        }),
        { numRuns: 6 },
      );
    },
    PROPERTY_MS,
  );

  it(
    "answers as of a watermark what it answered then",
    async () => {
      await fc.assert(
        fc.asyncProperty(someTurns, aSpan, async (turns, period) => {
          await using opened = await open();
          const { store } = opened;
          const answers = [];
          for (const [turn, arrivals] of turns.entries()) {
            await store.append(arrivals);
            if (turn % 3 !== 1) continue;
            const asOf = await store.watermark();
            const usage = await store.measure({ period }, EVERYTHING);
            answers.push({ asOf, usage, samples: await store.series({ meter: "instance", period, asOf }, EVERYTHING) });
          }
          await store.rollUp();

          for (const { asOf, usage, samples } of answers) {
            expect(await store.measure({ period, asOf }, EVERYTHING)).toEqual(usage);
            expect(await store.series({ meter: "instance", period, asOf }, EVERYTHING)).toEqual(samples);
          }
        }),
        { numRuns: 6 },
      );
    },
    PROPERTY_MS,
  );

  it(
    "returns what slice keeps of every series",
    async () => {
      await fc.assert(
        fc.asyncProperty(someTurns, aSpan, async (turns, period) => {
          await using opened = await open();
          const { store } = opened;
          await store.append(turns.flat());
          const told = samplesOf(turns.flat());

          for (const meter of METERS) {
            const mine = told.filter((sample) => sample.meter === meter.name);
            const kept = [...Map.groupBy(mine, ({ region }) => region)].toSorted(([a], [b]) => (a < b ? -1 : 1));
            expect(await store.series({ meter: meter.name, period }, EVERYTHING)).toEqual(
              kept.flatMap(([, samples]) => slice(meter, samples, period)),
            );
          }
        }),
        { numRuns: 6 },
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

const aScope: fc.Arbitrary<Scope> = fc.oneof(
  fc.constant(EVERYTHING),
  fc.subarray([...PROJECTS]).map((some) => projects(...some)),
);

/** The promise itself: the domain's measure over all readings, narrowed last. */
function expected(told: readonly Arrival[], { meters, period, region, resource }: UsageQuery, scope: Scope): Usage[] {
  const samples = samplesOf(told).filter(
    (sample) => (region ?? sample.region) === sample.region && (resource ?? sample.resource) === sample.resource,
  );
  const usages = METERS.filter(({ name }) => meters === undefined || meters.includes(name)).flatMap((meter) => {
    const mine = Map.groupBy(
      samples.filter((sample) => sample.meter === meter.name),
      (sample) => sample.region,
    );
    return [...mine].flatMap(([where, readings]) =>
      measure(meter, readings, period, watch(coverageOf(told), where, meter.resourceType)),
    );
  });
  return inIdentityOrder(usages.filter(({ project }) => permits(scope, project)));
}

function rolling(open: Open, { rollsNothingUp }: Exemptions): void {
  const rolls = it.skipIf(rollsNothingUp !== undefined);

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
    named("a reading in the order of things dirties its own hour and those since the last one", rollsNothingUp),
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

function confining(open: Open): void {
  const mine = projects("acme");
  const theirs = projects("globex");
  /** Given away at noon, and seen once more by its new owner. */
  const transferred = arrivalOf(1, {
    samples: [
      reading({ at: hour(1) }),
      reading({ at: hour(12), project: "globex" }),
      reading({ at: hour(20), project: "globex" }),
    ],
    events: [
      {
        id: "m-1",
        type: "t",
        region: "RegionOne",
        source: "nova",
        at: hour(1),
        project: "acme",
        resource: "vm-1",
        resourceType: "instance",
        attributes: { name: "old", secret: "acme" },
      },
      {
        id: "m-2",
        type: "t",
        region: "RegionOne",
        source: "nova",
        at: hour(12),
        project: "globex",
        resource: "vm-1",
        resourceType: "instance",
        attributes: { name: "new" },
      },
      { id: "m-3", type: "t", region: "RegionOne", source: "nova", at: hour(13), attributes: {} },
    ],
    coverage: [polling(hours(0, 24), 24 * 3_600)],
  });

  it.each([{ rolled: false }, { rolled: true }])(
    "a foreign reading ends a hold and is never shown (rolled up: $rolled)",
    async ({ rolled }) => {
      await using opened = await open();
      const { store } = opened;
      await store.append([transferred]);
      if (rolled) await store.rollUp();

      const usage = await store.measure({ meters: ["instance"], period: DAY }, mine);

      expect(quantities(usage)).toEqual([11n]);
      expect(usage.map(({ project, evidence }) => [project, evidence.readings, evidence.end])).toEqual([
        ["acme", 1, undefined],
      ]);
      expect((await store.series({ meter: "instance", period: DAY }, mine)).map(({ project }) => project)).toEqual([
        "acme",
      ]);
    },
  );

  it("shows the events and the resource as they were while they were the caller's", async () => {
    await using opened = await open();
    const { store } = opened;
    await store.append([transferred]);

    expect((await store.events({ period: DAY }, mine)).map(({ id }) => id)).toEqual(["m-1"]);
    expect((await store.events({ period: DAY }, EVERYTHING)).map(({ id }) => id)).toEqual(["m-1", "m-2", "m-3"]);
    expect(await store.resources({ period: DAY }, mine)).toMatchObject([
      { project: "acme", attributes: { name: "old" }, lastSeen: hour(1) },
    ]);
    expect(await store.resources({ period: DAY }, theirs)).toEqual([
      {
        id: "vm-1",
        type: "instance",
        region: "RegionOne",
        project: "globex",
        attributes: { name: "new" },
        firstSeen: hour(12),
        lastSeen: hour(20),
      },
    ]);
    expect(await store.projects(DAY, EVERYTHING)).toEqual(["acme", "globex"]);
    expect(await store.projects(DAY, mine)).toEqual(["acme"]);
  });

  it.each([{ rolled: false }, { rolled: true }])(
    "shows a stranger nothing at all (rolled up: $rolled)",
    async ({ rolled }) => {
      await using opened = await open();
      const { store } = opened;
      await store.append([transferred]);
      if (rolled) await store.rollUp();

      for (const scope of [projects("initech"), projects()]) {
        expect(await store.measure({ period: DAY }, scope)).toEqual([]);
        expect(await store.series({ meter: "instance", period: DAY }, scope)).toEqual([]);
        expect(await store.events({ period: DAY }, scope)).toEqual([]);
        expect(await store.resources({ period: DAY }, scope)).toEqual([]);
        expect(await store.projects(DAY, scope)).toEqual([]);
      }
    },
  );
}

function lookingAt(open: Open): void {
  it(
    "draws the points that the specification draws, and names their subjects",
    async () => {
      const query = fc.record(
        { region: fc.constant("RegionOne"), resource: fc.constant("thing-1") },
        { requiredKeys: [] },
      );
      await fc.assert(
        fc.asyncProperty(someTurns, aSpan, aScope, query, async (turns, period, scope, narrow) => {
          await using opened = await open();
          const { store } = opened;
          for (const arrivals of turns) await store.append(arrivals);
          const told = samplesOf(turns.flat());

          for (const meter of new Set(told.map((sample) => sample.meter))) {
            const mine = told.filter(
              (sample) =>
                sample.meter === meter &&
                (narrow.region ?? sample.region) === sample.region &&
                (narrow.resource ?? sample.resource) === sample.resource,
            );
            const drawn = pointsOf(mine, period, scope);
            const named = await store.subjects({ period, meter }, scope);

            expect(inSubjectOrder(await store.points({ ...narrow, meter, period }, scope))).toEqual(
              inSubjectOrder(drawn),
            );
            expect(subjectsOf(drawn).filter((subject) => !isAmong(subject, named))).toEqual([]);
            expect(named.filter(({ project }) => !permits(scope, project))).toEqual([]);
            expect(new Set(named.map(subjectKey)).size).toBe(named.length);
          }
        }),
        { numRuns: 25 },
      );
    },
    PROPERTY_MS,
  );

  it("ends a line where the resource became another thing, and where it ended", async () => {
    await using opened = await open();
    const { store } = opened;
    await store.append([
      arrival(
        1,
        reading({ at: hour(1) }),
        reading({ at: hour(2), dimensions: LARGE }),
        reading({ at: hour(3), stance: "ends" }),
      ),
    ]);

    const drawn = await store.points({ meter: "instance", period: DAY }, EVERYTHING);

    expect(
      drawn.map(({ dimensions, at: moments, values }) => [dimensions["flavor"], [...moments], [...values]]),
    ).toEqual([
      ["m1.small", [hour(1), hour(2)], [1, Number.NaN]],
      ["m1.large", [hour(2), hour(3)], [1, Number.NaN]],
    ]);
  });
}

const inSubjectOrder = (drawn: readonly Points[]): Points[] =>
  drawn.toSorted((a, b) => (subjectKey(a) < subjectKey(b) ? -1 : 1));

const subjectKey = ({ meter, region, project, resource, dimensions, host, device }: Subject): string =>
  JSON.stringify([meter, region, project, resource, dimensionsKey(dimensions), host, device]);

const isAmong = (subject: Subject, subjects: readonly Subject[]): boolean =>
  subjects.some((each) => subjectKey(each) === subjectKey(subject));

function describing(open: Open): void {
  const event = (id: string, moment: Instant, attributes: Record<string, string>): Batch["events"][number] => ({
    id,
    type: "compute.instance.update",
    region: "RegionOne",
    source: "nova",
    at: moment,
    project: "acme",
    resource: "vm-1",
    resourceType: "instance",
    attributes,
  });

  it("describes a resource as its events told until the period's end", async () => {
    await using opened = await open();
    const { store } = opened;
    const events = [
      event("e-3", hour(30), { name: "third" }),
      event("e-1", hour(1), { name: "first", host: "compute-01" }),
      event("e-2", hour(5), { name: "second" }),
    ];
    await store.append([arrivalOf(1, { events, samples: [reading({ at: hour(0.5) }), reading({ at: hour(40) })] })]);

    const [resource] = await store.resources({ period: DAY }, EVERYTHING);

    expect(resource).toEqual({
      id: "vm-1",
      type: "instance",
      region: "RegionOne",
      project: "acme",
      attributes: { name: "second", host: "compute-01" },
      firstSeen: hour(0.5),
      lastSeen: hour(5),
    });
  });

  it("lists the resources of one type that were seen in the period, and no others", async () => {
    await using opened = await open();
    const { store } = opened;
    const volume = reading({ at: hour(1), meter: "volume.size", resource: "disk-1" });
    await store.append([arrival(1, reading({ at: hour(1) }), volume, reading({ at: hour(-5), resource: "vm-0" }))]);

    const idsOf = async (type?: string): Promise<string[]> => {
      const found = await store.resources({ period: DAY, ...(type === undefined ? {} : { type }) }, EVERYTHING);
      return found.map(({ id }) => id);
    };

    expect(await idsOf()).toEqual(["disk-1", "vm-1"]);
    expect(await idsOf("volume")).toEqual(["disk-1"]);
  });

  it("gives back the coverage that overlaps a period, as of a watermark", async () => {
    await using opened = await open();
    const { store } = opened;
    const early = listening(hours(0, 2));
    const late = polling(hours(1, 5));
    await store.append([arrivalOf(1, { coverage: [early, { ...late, region: "RegionTwo" }] })]);
    const asOf = await store.watermark();
    await store.append([arrivalOf(2, { coverage: [late] })]);

    expect(await store.coverage({ period: hours(0, 24), region: "RegionOne" })).toEqual([early, late]);
    expect(await store.coverage({ period: hours(0, 24), region: "RegionOne", asOf })).toEqual([early]);
    expect(await store.coverage({ period: hours(2, 24), region: "RegionOne" })).toEqual([late]);
  });

  it("names the projects that have usage without a reading in the period", async () => {
    await using opened = await open();
    const { store } = opened;
    await store.append([arrivalOf(1, { samples: [reading({ at: hour(1) })], coverage: [listening(hours(0, 24))] })]);

    expect(await store.projects(hours(5, 6), EVERYTHING)).toEqual(["acme"]);
    expect(await store.projects(hours(30, 40), EVERYTHING)).toEqual([]);
  });
}
