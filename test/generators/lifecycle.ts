import {
  AUDIT_LIMIT_SECONDS,
  at,
  type Coverage,
  type Dimensions,
  HOUR_MS,
  type Incarnation,
  type Instant,
  instant,
  LIBVIRT_LIMIT_SECONDS,
  type Period,
  type Sample,
  SECOND_MS,
} from "@raingauge/domain";
import { type Reading, sampleOf } from "@raingauge/wire";
import fc from "fast-check";
import { LARGE, SMALL } from "./reading.ts";

/** Twelve days around the turn of a month, in which lives begin and mostly end. */
export const SEASON: Period = { start: instant("2026-01-26T00:00:00Z"), end: instant("2026-02-07T00:00:00Z") };

/** Where a life is lived, and who may take the resource over. */
export interface Place {
  readonly region: string;
  readonly resource: string;
  readonly project: string;
  readonly heir: string;
}

/** All that was ever read of one resource, oldest first. */
export type Life = (place: Place) => readonly Sample[];

/** A machine, a disk, a counter or a measured gauge: whole stories, with what is lost and told late in a real cloud. */
export const aLife = (): fc.Arbitrary<Life> =>
  fc.oneof(
    { weight: 5, arbitrary: aMachine },
    { weight: 2, arbitrary: aDisk },
    { weight: 2, arbitrary: aCounter },
    { weight: 1, arbitrary: aGauge },
  );

/** When a region's sources were watching: with gaps, and in some regions never. */
export const someCoverage = (region: string): fc.Arbitrary<Coverage[]> =>
  fc.array(
    fc
      .record({ start: aBirth, hours: fc.integer({ min: 1, max: 150 }), source: fc.constantFrom(...SOURCES) })
      .map(({ start, hours, source: { source, confirms } }) => ({
        region,
        source,
        agent: "agent-1",
        period: { start, end: at(start + hours * HOUR_MS) },
        ...(confirms === undefined ? {} : { confirms }),
      })),
    { maxLength: 5 },
  );

const SOURCES: readonly Pick<Coverage, "source" | "confirms">[] = [
  { source: "listener" },
  { source: "libvirt", confirms: { resourceTypes: ["instance"], limitSeconds: LIBVIRT_LIMIT_SECONDS } },
  { source: "nova.audit", confirms: { resourceTypes: ["instance"], limitSeconds: AUDIT_LIMIT_SECONDS } },
  { source: "cinder.audit", confirms: { resourceTypes: ["volume"], limitSeconds: AUDIT_LIMIT_SECONDS } },
];

const SEASON_SECONDS = (SEASON.end - SEASON.start) / SECOND_MS;

/** In seconds from a life's beginning. Hours and the seconds beside them meet roll-ups where they could go wrong. */
const anAge = fc.oneof(
  { weight: 2, arbitrary: fc.nat({ max: SEASON_SECONDS / 2 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 120 }).map((hour) => (hour * HOUR_MS) / SECOND_MS) },
);

const aBirth = fc.integer({ min: 0, max: SEASON_SECONDS }).map((second) => at(SEASON.start + second * SECOND_MS));

/** How it ends: told; never told; found gone by a sweep; found gone, and then read again. */
const anEnding = fc.constantFrom("deleted", "deleted", "deleted", "untold", "swept", "refuted");

interface Existence {
  readonly born: Instant;
  readonly age: number;
  readonly ending: "deleted" | "untold" | "swept" | "refuted";
  readonly changes: readonly Change[];
  readonly looks: readonly number[];
  /** Seconds after its end at which somebody still speaks of it. */
  readonly echoes: readonly number[];
}

interface Change {
  readonly after: number;
  readonly value: bigint;
  readonly dimensions: Dimensions;
  readonly handedOver: boolean;
  /** A transition without a time of its own, told twice so many milliseconds apart. */
  readonly retoldMs: number | undefined;
}

const existence = (dimensions: fc.Arbitrary<Dimensions>, handedOver: fc.Arbitrary<boolean>): fc.Arbitrary<Existence> =>
  fc.record({
    born: aBirth,
    age: anAge,
    ending: anEnding,
    changes: fc.array(
      fc.record({
        after: anAge,
        value: fc.bigInt({ min: 1n, max: 8n }),
        dimensions,
        handedOver,
        retoldMs: fc.option(fc.constantFrom(0, 40, 1_000, 2_500), { freq: 3, nil: undefined }),
      }),
      { maxLength: 5 },
    ),
    looks: fc.array(anAge, { maxLength: 10 }),
    echoes: fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 2 }),
  });

const aMachine: fc.Arbitrary<Life> = existence(
  fc.constantFrom(
    SMALL,
    LARGE,
    ...["stopped", "shelved_offloaded", "soft-delete"].map((state) => ({ ...LARGE, state })),
  ),
  fc.constant(false),
).map((told) => (place) => [
  ...existed(told, { meter: "instance", source: "nova", dimensions: SMALL, weigh: () => 1n }, place),
  ...existed(told, { meter: "memory", source: "nova", dimensions: SMALL, weigh: (value) => value << 30n }, place),
]);

const aDisk: fc.Arbitrary<Life> = existence(
  fc.constantFrom(
    ...["ssd", "hdd"].map((volume_type) => ({ volume_type, state: "in-use", availability_zone: "nova" })),
  ),
  fc.boolean(),
).map(
  (told) => (place) =>
    existed(
      told,
      { meter: "volume.size", source: "cinder", dimensions: { volume_type: "ssd" }, weigh: (value) => value << 30n },
      place,
    ),
);

interface Metered {
  readonly meter: string;
  readonly source: string;
  readonly dimensions: Dimensions;
  readonly weigh: (value: bigint) => bigint;
}

function existed(life: Existence, { meter, source, dimensions, weigh }: Metered, place: Place): Sample[] {
  const { born, age, ending, changes, looks, echoes } = life;
  const base = { ...of(place), meter, source, dimensions, value: weigh(1n) };
  const within = (after: number): boolean => after < age;
  const when = (after: number): Instant => at(born + after * SECOND_MS);
  return [
    said(base, { at: born, stance: "states" }),
    ...changes
      .filter(({ after }) => within(after))
      .flatMap((change) => {
        const project = change.handedOver ? place.heir : place.project;
        const as = { ...base, project, dimensions: change.dimensions, value: weigh(change.value) };
        return changed(as, when(change.after), change);
      }),
    ...looks.filter(within).map((after) => polled(base, { at: when(after), stance: "sights" })),
    ...ended(base, when(age), ending),
    ...echoes.map((after) => polled(base, { at: when(age + after + 1), stance: "sights" })),
  ];
}

function changed(as: Base, moment: Instant, { retoldMs, after }: Change): Sample[] {
  if (retoldMs === undefined) return [said(as, { at: moment, stance: "states" })];
  const transition = `power_off req-${after}`;
  return [0, retoldMs].map((later, telling) =>
    said(as, { at: at(moment + later), stance: "states", transition, message: `${moment}-${telling}` }),
  );
}

function ended(as: Base, moment: Instant, ending: Existence["ending"]): Sample[] {
  switch (ending) {
    case "deleted":
      return [said(as, { at: moment, stance: "ends" })];
    case "untold":
      return [];
    case "swept":
      return [polled(as, { at: moment, stance: "vanishes" })];
    case "refuted":
      return [
        polled(as, { at: moment, stance: "vanishes" }),
        polled(as, { at: at(moment + HOUR_MS), stance: "sights" }),
      ];
  }
}

const aCounter: fc.Arbitrary<Life> = fc
  .record({
    meter: fc.constantFrom("network.outgoing.bytes", "cpu"),
    born: aBirth,
    incarnations: fc.array(
      fc.record({
        host: fc.constantFrom("compute-01", "compute-02"),
        device: fc.constantFrom("tap1", "tap2"),
        startedAfter: anAge,
        witnessed: fc.boolean(),
        polls: fc.array(fc.record({ after: anAge, value: fc.bigInt({ min: 0n, max: 10n ** 12n }) }), { maxLength: 8 }),
        drops: fc.boolean(),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(
    ({ meter, born, incarnations }) =>
      (place) =>
        incarnations.flatMap(({ host, device, startedAfter, witnessed, polls, drops }, life) => {
          const startedAt = at(born + startedAfter * SECOND_MS + life);
          const incarnation: Incarnation = { host, device, startedAt, witnessed };
          const ages = polls.map(({ after }) => after).toSorted((a, b) => a - b);
          const values = polls.map(({ value }) => value).toSorted((a, b) => Number(drops ? b - a : a - b));
          return ages.map((age, index) =>
            polled(
              { ...of(place), meter, source: "libvirt", dimensions: {}, value: values[index] ?? 0n },
              { at: at(startedAt + age * SECOND_MS), stance: "states", incarnation },
            ),
          );
        }),
  );

const aGauge: fc.Arbitrary<Life> = fc
  .record({
    born: aBirth,
    polls: fc.array(fc.record({ after: anAge, value: fc.bigInt({ min: 0n, max: 10n ** 10n }) }), { maxLength: 20 }),
  })
  .map(
    ({ born, polls }) =>
      (place) =>
        polls.map(({ after, value }, index) =>
          polled(
            { ...of(place), meter: "memory.usage", source: "libvirt", dimensions: {}, value },
            { at: at(born + after * SECOND_MS), stance: index === 0 ? "states" : "sights" },
          ),
        ),
  );

type Base = Pick<Sample, "region" | "resource" | "project" | "meter" | "source" | "dimensions" | "value">;
type Said = Pick<Reading, "at" | "stance"> & Partial<Pick<Reading, "transition" | "incarnation" | "message">>;

const of = ({ region, resource, project }: Place) => ({ region, resource, project });

const said = (base: Base, saying: Said): Sample =>
  sampleOf({ ...base, origin: "notification", sequence: saying.at * 1_000, message: `said-${saying.at}`, ...saying });

const polled = (base: Base, saying: Said): Sample =>
  sampleOf({ ...base, origin: "poll", sequence: saying.at * 1_000, message: `poll-${saying.at}`, ...saying });
