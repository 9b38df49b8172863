import {
  at,
  type Coverage,
  type Dimensions,
  type Event,
  HOUR_MS,
  type Instant,
  instant,
  type Period,
  type Sample,
  SECOND_MS,
} from "@raingauge/domain";
import type { Arrival } from "@raingauge/store";
import { sampleOf } from "@raingauge/wire";
import fc from "fast-check";
import { inAHunt } from "./hunt.ts";
import { LARGE, SMALL } from "./reading.ts";

/** Three days around the turn of a month, in which everything happens that can happen to what is metered. */
export const DAYS: Period = { start: instant("2026-01-30T12:00:00Z"), end: instant("2026-02-02T12:00:00Z") };

/** Mostly on the hour or near it, where roll-ups meet; sometimes within the two seconds in which tellings pair. */
export const aMoment: fc.Arbitrary<Instant> = fc
  .oneof(
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 72 }).map((hour) => hour * HOUR_MS) },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 72 * 12 }).map((step) => step * 300 * SECOND_MS) },
    { weight: 2, arbitrary: fc.integer({ min: -4, max: 4 }).map((step) => 36 * HOUR_MS + step * 500) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 72 * HOUR_MS - 1 }) },
  )
  .map((offset) => at(DAYS.start + offset));

/** Any two moments, or a calendar's: hours, days, the month's edge. */
export const aSpan: fc.Arbitrary<Period> = fc
  .oneof(
    fc.tuple(aMoment, aMoment),
    fc.constant<[Instant, Instant]>([DAYS.start, DAYS.end]),
    fc.constant<[Instant, Instant]>([instant("2026-01-01T00:00:00Z"), instant("2026-02-01T00:00:00Z")]),
    fc.constant<[Instant, Instant]>([instant("2026-01-31T23:00:00Z"), instant("2026-02-28T23:00:00Z")]),
  )
  .map(([a, b]) => (a < b ? { start: a, end: b } : { start: b, end: at(a + 1) }));

export const PROJECTS = ["acme", "globex", "initech"] as const;

const COUNTERS = ["cpu", "network.outgoing.bytes"];

/** What one history is about: a few meters told often, so that their readings get in each other's way, or many told of once. */
const CASTS = [
  ["instance"],
  ["instance"],
  ["instance", "volume.size"],
  ["cpu"],
  ["memory.usage"],
  ["instance", "vcpus", "volume.size", "memory.usage", "some.other.meter", ...COUNTERS],
];

const someDimensions: fc.Arbitrary<Dimensions> = fc.constantFrom(SMALL, LARGE, { ...SMALL, state: "stopped" }, {});

const aStance: fc.Arbitrary<Sample["stance"]> = fc.oneof(
  { weight: 6, arbitrary: fc.constant("sights" as const) },
  { weight: 5, arbitrary: fc.constant("states" as const) },
  { weight: 1, arbitrary: fc.constant("vanishes" as const) },
  { weight: 1, arbitrary: fc.constant("ends" as const) },
);

const anIncarnation = fc.record({
  host: fc.constantFrom("compute-01", "compute-02"),
  device: fc.constantFrom("", "tap1"),
  startedAt: fc.constantFrom(DAYS.start, at(DAYS.start + 90 * 60 * SECOND_MS)),
});

const aReading = (cast: readonly string[]): fc.Arbitrary<Sample> =>
  fc
    .record({
      meter: fc.constantFrom(...cast),
      at: aMoment,
      stance: aStance,
      region: fc.constantFrom(...Array.from({ length: 7 }, () => "RegionOne"), "RegionTwo"),
      resource: fc.constantFrom("thing-1", "thing-1", "thing-1", "thing-2"),
      project: fc.constantFrom(...PROJECTS.slice(0, 2), PROJECTS[0]),
      value: fc.bigInt({ min: 0n, max: 9n }),
      origin: fc.constantFrom("notification" as const, "api" as const, "poll" as const),
      source: fc.constantFrom("nova", "libvirt"),
      dimensions: someDimensions,
      sequence: fc.integer({ min: 0, max: 3 }),
      message: fc.uuid(),
      transition: fc.option(fc.constantFrom("power_off/req-1", "power_off/req-2"), { freq: 6 }),
      incarnation: anIncarnation,
    })
    .map(({ transition, incarnation, ...told }) => {
      const counted = COUNTERS.includes(told.meter);
      const witnessed = incarnation.host === "compute-01";
      return sampleOf({
        ...told,
        ...(transition === null || told.stance !== "states" ? {} : { transition }),
        ...(counted ? { incarnation: { ...incarnation, witnessed } } : {}),
      });
    });

const aWindow = fc
  .tuple(aMoment, fc.constantFrom(1, 60, 300, 1440))
  .map(([start, minutes]): Period => ({ start, end: at(start + minutes * 60 * SECOND_MS) }));

const aCoverage: fc.Arbitrary<Coverage> = fc
  .record({
    region: fc.constantFrom("RegionOne", "RegionTwo"),
    period: aWindow,
    source: fc.oneof(
      fc.constant(["listener"] as const),
      fc.constantFrom(["libvirt", 900, "instance"] as const, ["nova.audit", 93_600, "instance"] as const),
      fc.constantFrom(["cinder.audit", 93_600, "volume"] as const, ["libvirt", 7_200, "instance"] as const),
    ),
    agent: fc.constantFrom("a", "b"),
  })
  .map(({ source: [source, limitSeconds, type], ...told }) => ({
    ...told,
    source,
    ...(limitSeconds === undefined || type === undefined ? {} : { confirms: { resourceTypes: [type], limitSeconds } }),
  }));

const anEvent: fc.Arbitrary<Event> = fc
  .record({
    id: fc.constantFrom("e-1", "e-2", "e-3", "e-4", "e-5"),
    at: aMoment,
    type: fc.constantFrom("compute.instance.create.end", "compute.instance.update"),
    project: fc.option(fc.constantFrom(...PROJECTS), { freq: 5 }),
    resource: fc.option(fc.constantFrom("thing-1", "thing-2"), { freq: 5 }),
    attributes: fc.constantFrom({ name: "one" }, { name: "two", host: "compute-01" }, {}),
  })
  .map(({ project, resource, ...told }) => ({
    ...told,
    region: "RegionOne",
    source: "nova",
    ...(project === null ? {} : { project }),
    ...(resource === null ? {} : { resource, resourceType: "instance" }),
  }));

type Item = { readonly sample: Sample } | { readonly coverage: Coverage } | { readonly event: Event };

/** What is told, when it arrives, and whether the bus delivers it again. */
const anItem = (cast: readonly string[]) =>
  fc.record({
    item: fc.oneof(
      { weight: 12, arbitrary: aReading(cast).map((sample): Item => ({ sample })) },
      { weight: 3, arbitrary: aCoverage.map((coverage): Item => ({ coverage })) },
      { weight: 1, arbitrary: anEvent.map((event): Item => ({ event })) },
    ),
    turn: fc.nat({ max: 7 }),
    again: fc.option(fc.nat({ max: 7 }), { freq: 4 }),
  });

/**
 * Arrivals in the turns in which a store hears of them: out of order, late, and some of it told again by other positions. Every
 * other time in the order of things, as nearly everything comes.
 */
export const someTurns: fc.Arbitrary<readonly Arrival[][]> = fc
  .constantFrom(...CASTS)
  .chain((cast) => fc.tuple(fc.array(anItem(cast), { minLength: 1, maxLength: 40, size: "max" }), fc.boolean()))
  .map(([items, isOrderly]) =>
    Array.from({ length: TURNS }, (_, turn) => {
      const first = items
        .filter((each) => (isOrderly ? turnOf(each.item) : each.turn) === turn)
        .map(({ item }) => item);
      const again = items.filter((each) => each.again === turn).map(({ item }) => retold(item));
      return [...first, ...again].map((item, index): Arrival => arrival(BigInt(turn * 1_000 + index), item));
    }),
  );

const TURNS = 8;

/** The turn in which a thing happens. */
function turnOf(item: Item): number {
  const moment = "sample" in item ? item.sample.at : "event" in item ? item.event.at : item.coverage.period.start;
  return Math.min(TURNS - 1, Math.max(0, Math.floor(((moment - DAYS.start) * TURNS) / (DAYS.end - DAYS.start))));
}

/**
 * What a store is tried with: one history, and in a hunt several, each in regions of its own. Making a store and filling it takes
 * longer than asking it, so that a hunt sees more in the same time.
 */
export const someHistories: fc.Arbitrary<readonly Arrival[][]> = fc
  .array(someTurns, { minLength: 1, maxLength: inAHunt(8, 1), size: "max" })
  .map((histories) =>
    Array.from({ length: TURNS }, (_, turn) =>
      histories.flatMap((turns, number) => (turns[turn] ?? []).map((each) => elsewhere(each, number))),
    ),
  );

/** Spans to ask for, one unless we hunt. */
export const someSpans: fc.Arbitrary<readonly Period[]> = fc.array(aSpan, { minLength: 1, maxLength: inAHunt(4, 1) });

/** The same in other regions. The first history stays where it is. */
function elsewhere({ position: { stream, sequence }, batch }: Arrival, number: number): Arrival {
  if (number === 0) return { position: { stream, sequence }, batch };
  const there = <T extends { readonly region: string }>(told: T): T => ({
    ...told,
    region: `${told.region}-${number}`,
  });
  return {
    position: { stream: `${stream}-${number}`, sequence },
    batch: {
      samples: batch.samples.map((sample) => sampleOf(there(sample))),
      events: batch.events.map((event) => ({ ...there(event), id: `${event.id}-${number}` })),
      coverage: batch.coverage.map(there),
    },
  };
}

const arrival = (sequence: bigint, item: Item): Arrival => ({
  position: { stream: "RAINGAUGE", sequence },
  batch: {
    samples: "sample" in item ? [item.sample] : [],
    events: "event" in item ? [item.event] : [],
    coverage: "coverage" in item ? [item.coverage] : [],
  },
});

/** The same reading as another message told it. */
const retold = (item: Item): Item =>
  "sample" in item
    ? {
        sample: {
          ...item.sample,
          sequence: (item.sample.sequence * 7 + 2) % 4,
          message: `${item.sample.message}-again`,
        },
      }
    : item;

export const samplesOf = (arrivals: readonly Arrival[]): Sample[] => arrivals.flatMap(({ batch }) => batch.samples);

export const coverageOf = (arrivals: readonly Arrival[]): Coverage[] => arrivals.flatMap(({ batch }) => batch.coverage);
