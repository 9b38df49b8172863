import {
  at,
  type Dimensions,
  HOUR_MS,
  type Instant,
  MINUTE_MS,
  type Period,
  type Sample,
  SECOND_MS,
  type Watch,
} from "@raingauge/domain";
import fc from "fast-check";
import { LARGE, NOON, reading, SMALL } from "./reading.ts";

/** Six hours in which everything happens; dense enough that readings meet at one instant and pair within two seconds. */
export const SPAN: Period = { start: NOON, end: at(NOON + 6 * HOUR_MS) };

export const anInstant: fc.Arbitrary<Instant> = fc
  .oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 36 }).map((step) => step * 10 * MINUTE_MS) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 12 }).map((step) => HOUR_MS + step * 500) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 6 * HOUR_MS }) },
  )
  .map((offset) => at(SPAN.start + offset));

export const aPeriod: fc.Arbitrary<Period> = fc
  .tuple(anInstant, anInstant)
  .map(([a, b]) => (a < b ? { start: a, end: b } : { start: b, end: at(a + 1) }));

const someDimensions: fc.Arbitrary<Dimensions> = fc.constantFrom(SMALL, LARGE, { ...SMALL, state: "stopped" });

const aReading = (stances: fc.Arbitrary<Sample["stance"]>): fc.Arbitrary<Sample> =>
  fc
    .record({
      at: anInstant,
      stance: stances,
      resource: fc.constantFrom("vm-1", "vm-2"),
      project: fc.constantFrom("acme", "globex"),
      value: fc.bigInt({ min: 0n, max: 5n }),
      origin: fc.constantFrom("notification" as const, "api" as const, "poll" as const),
      source: fc.constantFrom("nova", "libvirt"),
      dimensions: someDimensions,
      sequence: fc.integer({ min: 0, max: 3 }),
      transition: fc.option(fc.constantFrom("power_off/req-1", "power_off/req-2"), { nil: undefined, freq: 3 }),
    })
    .map(({ transition, ...told }) => reading({ ...told, ...(transition === undefined ? {} : { transition }) }));

/** Anything that a gauge may be told: statements, sightings, ends that are certain and ends that are not. */
export const someReadings: fc.Arbitrary<Sample[]> = fc.array(
  aReading(
    fc.oneof(
      { weight: 4, arbitrary: fc.constant("states" as const) },
      { weight: 4, arbitrary: fc.constant("sights" as const) },
      { weight: 2, arbitrary: fc.constant("vanishes" as const) },
      { weight: 1, arbitrary: fc.constant("ends" as const) },
    ),
  ),
  { maxLength: 12 },
);

const anIncarnation = fc.record({
  host: fc.constantFrom("compute-01", "compute-02"),
  device: fc.constantFrom("tap1", "tap2"),
  startedAt: fc.constantFrom(SPAN.start, at(SPAN.start + HOUR_MS)),
});

/** Counters of several incarnations that grow and sometimes drop. What was witnessed is a fact of the incarnation. */
export const someCounts: fc.Arbitrary<Sample[]> = fc.array(
  fc
    .tuple(aReading(fc.constantFrom("states", "sights")), anIncarnation, fc.bigInt({ min: 0n, max: 10n ** 13n }))
    .map(([told, incarnation, value]) => {
      const { id: _, transition: __, ...rest } = told;
      const witnessed = incarnation.device === "tap1";
      return reading({
        ...rest,
        meter: "network.outgoing.bytes",
        value,
        dimensions: {},
        incarnation: { ...incarnation, witnessed },
      });
    }),
  { maxLength: 12 },
);

const aConfirmation = fc.record({
  source: fc.constantFrom("libvirt", "nova.audit"),
  limitMs: fc.constantFrom(5 * MINUTE_MS, 15 * MINUTE_MS, 2 * HOUR_MS),
  since: anInstant,
});

export const aWatch: fc.Arbitrary<Watch> = fc.record({
  confirmations: fc.array(aConfirmation, { maxLength: 2 }),
  listening: fc.array(anInstant, { maxLength: 6 }).map(disjoint),
});

/** Every other gap between the instants, so that the periods never touch. */
function disjoint(instants: readonly Instant[]): Period[] {
  const sorted = [...new Set(instants)].sort((a, b) => a - b);
  return sorted.flatMap((start, index) => {
    const end = sorted[index + 1];
    return index % 2 === 0 && end !== undefined ? [{ start, end }] : [];
  });
}

/** Instants that cut a period into adjoining ones, which tile it. */
export const someCuts: fc.Arbitrary<Instant[]> = fc.array(anInstant, { maxLength: 4 });

export function tiles({ start, end }: Period, cuts: readonly Instant[]): Period[] {
  const inside = [...new Set(cuts)].filter((cut) => start < cut && cut < end).sort((a, b) => a - b);
  const edges = [start, ...inside, end];
  return edges.slice(1).map((edge, index) => ({ start: edges[index] ?? start, end: edge }));
}

export const seconds = (count: number): number => count * SECOND_MS;
