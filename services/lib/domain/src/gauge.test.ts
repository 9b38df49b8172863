import { LARGE, minute, reading, SMALL } from "@raingauge/test/generators/reading.ts";
import { describe, expect, it } from "vitest";
import type { Watch } from "./coverage.ts";
import { HOUR_MS, MINUTE_MS, type Period } from "./instant.ts";
import type { Meter } from "./meter.ts";
import { meterNamed } from "./meters.ts";
import type { Sample } from "./sample.ts";
import { type End, measure, type Usage } from "./usage.ts";

/** What was told at which minute past noon: a value and, where it differs from the ordinary, the rest. */
type Telling = readonly [minute: number, told?: Partial<Sample>];

/** What is expected of a usage, in minutes; what is left out is zero. */
interface Expected {
  readonly project?: string;
  readonly flavor?: string;
  readonly quantity?: bigint;
  readonly seen?: number;
  readonly inferred?: number;
  readonly readings: number;
  readonly afterEnd?: number;
  readonly end?: readonly [minute: number, kind: End["kind"]];
}

interface Case {
  readonly name: string;
  readonly meter?: string;
  readonly told: readonly Telling[];
  readonly watch?: Watch;
  /** In minutes past noon; the hour, unless told otherwise. */
  readonly period?: readonly [number, number];
  readonly usages: readonly Expected[];
}

const sights: Partial<Sample> = { stance: "sights" };
const ends: Partial<Sample> = { stance: "ends", origin: "notification" };
const vanishes: Partial<Sample> = { stance: "vanishes", origin: "api" };
const large: Partial<Sample> = { dimensions: LARGE };
const told: Partial<Sample> = { origin: "notification", source: "nova" };

const libvirt: Watch = {
  confirmations: [{ source: "libvirt", limitMs: 15 * MINUTE_MS, since: minute(-600) }],
  listening: [],
};
const audited: Watch = {
  confirmations: [{ source: "nova.audit", limitMs: 26 * HOUR_MS, since: minute(-600) }],
  listening: [],
};
const both: Watch = { ...libvirt, confirmations: [...audited.confirmations, ...libvirt.confirmations] };
const heard = (...periods: readonly [number, number][]): Watch => ({
  confirmations: [],
  listening: periods.map(([start, end]) => ({ start: minute(start), end: minute(end) })),
});

const holds: readonly Case[] = [
  {
    name: "a measured gauge holds its value until the next reading",
    meter: "memory.usage",
    told: [
      [0, { value: 3n }],
      [10, { value: 5n }],
      [20, { value: 0n }],
    ],
    usages: [{ quantity: minutes(3n * 10n + 5n * 10n), seen: 35, readings: 3, end: [35, "inferred"] }],
  },
  {
    name: "a measured gauge is billed for its silence limit and no longer",
    meter: "memory.usage",
    told: [
      [0, { value: 2n }],
      [40, { value: 2n }],
    ],
    usages: [{ quantity: minutes(2n * 15n + 2n * 15n), seen: 30, readings: 2, end: [55, "inferred"] }],
  },
  {
    name: "the reading before the period is in force at its start",
    meter: "memory.usage",
    told: [
      [-10, { value: 4n }],
      [30, { value: 1n }],
    ],
    usages: [{ quantity: minutes(4n * 5n + 15n), seen: 20, readings: 1, end: [45, "inferred"] }],
  },
  {
    name: "an existence reading holds until the next one however far off, and what lies past the limit is inferred",
    told: [[-300], [300]],
    watch: libvirt,
    usages: [{ seen: 0, inferred: 60, quantity: minutes(60n), readings: 0 }],
  },
  {
    name: "time within the limit is seen, time beyond it inferred",
    told: [[0], [50]],
    watch: libvirt,
    usages: [{ seen: 25, inferred: 35, quantity: minutes(60n), readings: 2 }],
  },
  {
    name: "a lost delete notification: the machine ends at its last reading plus the limit, marked as inferred",
    told: [[0], [5], [10, sights]],
    watch: libvirt,
    usages: [{ seen: 25, quantity: minutes(25n), readings: 3, end: [25, "inferred"] }],
  },
  {
    name: "hourly audits confirm for 26 hours",
    told: [[0]],
    watch: audited,
    period: [0, 60 * 48],
    usages: [{ seen: 26 * 60, quantity: minutes(26n * 60n), readings: 1, end: [26 * 60, "inferred"] }],
  },
  {
    name: "of several confirming sources the shortest limit counts",
    told: [[0]],
    watch: both,
    usages: [{ seen: 15, quantity: minutes(15n), readings: 1, end: [15, "inferred"] }],
  },
  {
    name: "of several confirming sources the fastest would have seen a change first, so the rest is inferred",
    told: [[0], [50]],
    watch: both,
    usages: [{ seen: 25, inferred: 35, quantity: minutes(60n), readings: 2 }],
  },
  {
    name: "a source that came later counts from its beginning",
    told: [[0]],
    watch: {
      confirmations: [...audited.confirmations, { source: "libvirt", limitMs: 15 * MINUTE_MS, since: minute(30) }],
      listening: [],
    },
    usages: [{ seen: 45, quantity: minutes(45n), readings: 1, end: [45, "inferred"] }],
  },
  {
    name: "where nobody confirms and nobody listens, a last reading proves its own instant and no more",
    told: [[0], [10]],
    usages: [{ inferred: 10, quantity: minutes(10n), readings: 2, end: [10, "inferred"] }],
  },
  {
    name: "a type without a confirming source is held open while the listener listens, marked as inferred",
    told: [[5]],
    watch: heard([0, 40]),
    usages: [{ inferred: 35, quantity: minutes(35n), readings: 1, end: [40, "inferred"] }],
  },
  {
    name: "a gap in listening ends what it held open",
    told: [[5]],
    watch: heard([0, 20], [25, 60]),
    usages: [{ inferred: 15, quantity: minutes(15n), readings: 1, end: [20, "inferred"] }],
  },
  {
    name: "a reading in a gap of listening is held by nothing",
    told: [[22]],
    watch: heard([0, 20], [25, 60]),
    usages: [{ readings: 1, end: [22, "inferred"] }],
  },
  {
    name: "a confirming source that begins while only the listener watches ends the hold at its limit",
    told: [[5]],
    watch: { ...heard([0, 60]), confirmations: [{ source: "libvirt", limitMs: 15 * MINUTE_MS, since: minute(20) }] },
    usages: [{ inferred: 30, quantity: minutes(30n), readings: 1, end: [35, "inferred"] }],
  },
];

const statements: readonly Case[] = [
  {
    name: "a sighting keeps the dimensions, the project and the value that were last stated",
    told: [[0, large], [20, { ...sights, project: "globex", value: 7n }], [40]],
    usages: [
      { flavor: "m1.large", inferred: 40, quantity: minutes(40n), readings: 2 },
      { flavor: "m1.small", readings: 1, end: [40, "inferred"] },
    ],
  },
  {
    name: "before the first statement, the first one holds",
    told: [
      [0, sights],
      [30, large],
    ],
    watch: libvirt,
    usages: [
      { flavor: "m1.large", seen: 30, inferred: 15, quantity: minutes(45n), readings: 2, end: [45, "inferred"] },
    ],
  },
  {
    name: "in a series without any statement, each sighting says what it saw",
    told: [
      [0, sights],
      [30, { ...sights, ...large }],
    ],
    usages: [
      { flavor: "m1.large", readings: 1, end: [30, "inferred"] },
      { flavor: "m1.small", inferred: 30, quantity: minutes(30n), readings: 1 },
    ],
  },
  {
    name: "a sighting of a measured gauge measures: it keeps the project, but has its own value",
    meter: "memory.usage",
    told: [
      [0, { value: 2n }],
      [10, { ...sights, project: "globex", value: 6n }],
      [20, { value: 0n }],
    ],
    usages: [{ seen: 35, quantity: minutes(2n * 10n + 6n * 10n), readings: 3, end: [35, "inferred"] }],
  },
  {
    name: "a machine resized at minute 20 is split 20/40",
    told: [
      [0, told],
      [20, { ...told, ...large }],
      [60, sights],
    ],
    watch: libvirt,
    usages: [
      { flavor: "m1.large", seen: 15, inferred: 25, quantity: minutes(40n), readings: 1 },
      { flavor: "m1.small", seen: 15, inferred: 5, quantity: minutes(20n), readings: 1 },
    ],
  },
  {
    name: "a transfer splits at its second",
    meter: "volume.size",
    told: [
      [0, { value: 10n }],
      [20.5, { value: 10n, project: "globex" }],
      [60, { ...sights, value: 1n }],
    ],
    watch: libvirt,
    usages: [
      { quantity: minutes(205n), seen: 15, inferred: 5.5, readings: 1 },
      { project: "globex", quantity: minutes(395n), seen: 15, inferred: 24.5, readings: 1 },
    ],
  },
];

const endings: readonly Case[] = [
  {
    name: "a machine that lived 137 seconds between two polls is billed 137 seconds",
    told: [
      [10, { ...told, ...sights }],
      [10 + 137 / 60, ends],
    ],
    watch: libvirt,
    usages: [{ seen: 137 / 60, quantity: 137_000n, readings: 2, end: [10 + 137 / 60, "final"] }],
  },
  {
    name: "readings after a final end are counted and change nothing",
    told: [[0], [30, ends], [35, sights], [40, large]],
    watch: libvirt,
    usages: [{ seen: 15, inferred: 15, quantity: minutes(30n), readings: 2, afterEnd: 2, end: [30, "final"] }],
  },
  {
    name: "an end is an end once, at the first instant that is certain",
    told: [[0], [10, ends], [20, ends], [25, vanishes]],
    watch: libvirt,
    usages: [{ seen: 10, quantity: minutes(10n), readings: 4, end: [10, "final"] }],
  },
  {
    name: "a certain end that came late cuts off what was inferred",
    told: [[0], [45, ends]],
    watch: libvirt,
    usages: [{ seen: 15, inferred: 30, quantity: minutes(45n), readings: 2, end: [45, "final"] }],
  },
  {
    name: "what a complete sweep no longer finds has ended there, by inference",
    told: [[0], [10, vanishes], [20, vanishes]],
    watch: libvirt,
    usages: [{ seen: 10, quantity: minutes(10n), readings: 3, end: [10, "inferred"] }],
  },
  {
    name: "a sweep after our outage proves nothing about the outage: the hold ends at its limit",
    told: [[0], [50, vanishes]],
    watch: libvirt,
    usages: [{ seen: 15, quantity: minutes(15n), readings: 2, end: [15, "inferred"] }],
  },
  {
    name: "an inferred end yields to any later reading",
    told: [[0], [10, vanishes], [20, sights]],
    watch: libvirt,
    usages: [{ seen: 30, inferred: 5, quantity: minutes(35n), readings: 3, end: [35, "inferred"] }],
  },
  {
    name: "an inferred end yields to a certain one that came later",
    told: [[0], [10, vanishes], [12, ends]],
    watch: libvirt,
    usages: [{ seen: 12, quantity: minutes(12n), readings: 3, end: [12, "final"] }],
  },
  {
    name: "an end mark also ends a measured gauge",
    meter: "memory.usage",
    told: [
      [0, { value: 2n }],
      [10, ends],
    ],
    usages: [{ seen: 10, quantity: minutes(20n), readings: 2, end: [10, "final"] }],
  },
  {
    name: "an end counts for the period in which it falls, and for no other",
    told: [[-30], [-10, ends], [20, sights]],
    usages: [{ readings: 0, afterEnd: 1 }],
  },
];

for (const [subject, cases] of Object.entries({ "a gauge": holds, "what was stated": statements, "an end": endings })) {
  describe(subject, () => {
    it.each(cases)(
      "$name",
      ({ meter: name = "instance", told: tellings, watch, period: [from, to] = [0, 60], usages }) => {
        const meter = meterNamed(name) as Meter;
        const samples = tellings.map(([moment, rest]) => reading({ at: minute(moment), meter: name, ...rest }));
        const period: Period = { start: minute(from), end: minute(to) };

        expect(measure(meter, samples, period, watch).map(inMinutes)).toEqual(usages.map(whole));
      },
    );
  });
}

function inMinutes({ project, dimensions, quantity, evidence }: Usage) {
  const { observedMs, inferredMs, readings, afterEnd, end } = evidence;
  return { project, flavor: dimensions["flavor"], quantity, observedMs, inferredMs, readings, afterEnd, end };
}

function whole({
  project = "acme",
  flavor = SMALL["flavor"] as string,
  quantity = 0n,
  seen = 0,
  inferred = 0,
  readings,
  afterEnd = 0,
  end,
}: Expected) {
  return {
    project,
    flavor,
    quantity,
    observedMs: Math.round(seen * MINUTE_MS),
    inferredMs: Math.round(inferred * MINUTE_MS),
    readings,
    afterEnd,
    end: end === undefined ? undefined : { at: minute(end[0]), kind: end[1] },
  };
}

function minutes(count: bigint): bigint {
  return count * BigInt(MINUTE_MS);
}
