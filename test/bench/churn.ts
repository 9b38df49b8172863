import { at, HOUR_MS, type Instant, type Sample } from "@raingauge/domain";
import type { Arrival } from "@raingauge/store";
import { sampleOf } from "@raingauge/wire";
import { REGION } from "./cloud.ts";
import { inLots } from "./lots.ts";
import { MONTH } from "./month.ts";

/** A cloud in which most machines live for some hours of a month, and one in fifty for all of it. */
export interface Churn {
  readonly resources: number;
  readonly projects: number;
}

/** At scale 100: 100,000 resources of 1,000 projects. */
export const churnOf = (scale: number): Churn => ({
  resources: Math.max(100, Math.ceil(1_000 * scale)),
  projects: Math.max(2, Math.ceil(10 * scale)),
});

export const MONTH_NAME = "2026-01";

/** A price by the hour for each flavor, and traffic of which a project's first 10 GB are free. */
export const BOOK = `
name: standard
version: "1"
currency: EUR
month: calendar
prices:
  - sku: compute.small
    description: Small machine
    meter: instance
    where: { flavor: m1.small }
    per: instance hour
    amount: 0.02
  - sku: compute.large
    description: Large machine
    meter: instance
    where: { flavor: m1.large }
    per: instance hour
    amount: 0.08
  - sku: egress
    description: Traffic
    meter: network.outgoing.bytes
    per: GB
    tiers:
      - { upTo: 10, amount: 0 }
      - { amount: 0.05 }
`;

const SAMPLES_PER_BATCH = 500;
const BATCHES_PER_LOT = 40;

/** Everything that was said of the month, up to an instant, in lots that make a transaction each. */
export function* arrivalsOf(churn: Churn, until = JUST_AFTER): Generator<Arrival[]> {
  const numbers = Array.from({ length: churn.resources }, (_, index) => index);
  let sequence = 0n;
  const perBatch = Math.ceil(SAMPLES_PER_BATCH / 4);
  for (const lot of inLots([...inLots(numbers, perBatch)], BATCHES_PER_LOT)) {
    yield lot.map((mine) => {
      sequence += 1n;
      return arrival(
        sequence,
        mine.flatMap((number) => lifeOf(churn, number).filter(({ at: moment }) => moment <= until)),
      );
    });
  }
}

/** Those that live on were seen once more, so that nobody doubts that they lived until then. */
export const JUST_AFTER = at(MONTH.end + HOUR_MS);

/** Whatever does not live on has come and gone. */
export const LATE_IN_MONTH = at(MONTH.end - 22 * HOUR_MS);

/** What a poll of the machines that live on says. */
export function pollAt(churn: Churn, moment: Instant): Arrival {
  const alive = Array.from({ length: Math.ceil(churn.resources / LONG_LIVED) }, (_, index) => index * LONG_LIVED);
  const samples = alive.flatMap((number) => [
    existence(churn, number, moment, "sights"),
    traffic(churn, number, moment, { value: sentUntil(moment), startedAt: MONTH.start }),
  ]);
  return arrival(BigInt(moment), samples);
}

const sentUntil = (moment: Instant): bigint => BigInt(moment - MONTH.start) * 10n;

const arrival = (sequence: bigint, samples: Sample[]): Arrival => ({
  position: { stream: "bench", sequence },
  batch: { samples, events: [], coverage: [] },
});

const LONG_LIVED = 50;
const DAY_MS = 24 * HOUR_MS;

function lifeOf(churn: Churn, number: number): Sample[] {
  if (number % LONG_LIVED === 0) {
    const days = Array.from({ length: 31 }, (_, day) => at(MONTH.start + day * DAY_MS + HOUR_MS));
    return [...days, JUST_AFTER].flatMap((moment, index) => [
      existence(churn, number, moment, index === 0 ? "states" : "sights"),
      traffic(churn, number, moment, { value: sentUntil(moment), startedAt: MONTH.start }),
    ]);
  }
  const from = at(MONTH.start + ((number * 7_919) % (29 * 24)) * HOUR_MS + (number % 3_600) * 1_000);
  const until = at(from + (1 + (number % 23)) * HOUR_MS + (number % 60) * 60_000);
  return [
    existence(churn, number, from, "states"),
    existence(churn, number, until, "ends"),
    traffic(churn, number, from, { value: 0n, startedAt: from }),
    traffic(churn, number, until, { value: BigInt(number % 977) * 10_000_000n, startedAt: from }),
  ];
}

const told = ({ projects }: Churn, number: number, moment: Instant) => ({
  region: REGION,
  project: `project-${String(number % projects).padStart(5, "0")}`,
  resource: `machine-${String(number).padStart(7, "0")}`,
  at: moment,
  sequence: moment * 1_000,
  message: `bench/${number}/${moment}`,
});

const existence = (churn: Churn, number: number, moment: Instant, stance: "states" | "sights" | "ends"): Sample =>
  sampleOf({
    ...told(churn, number, moment),
    meter: "instance",
    value: 1n,
    origin: "notification",
    source: "nova",
    stance,
    dimensions: { flavor: number % 4 === 0 ? "m1.large" : "m1.small", state: "active" },
  });

interface Counted {
  readonly value: bigint;
  /** Its machine's beginning: a counter that began long before would have hours of nothing, which no cloud has. */
  readonly startedAt: Instant;
}

const traffic = (churn: Churn, number: number, moment: Instant, { value, startedAt }: Counted): Sample =>
  sampleOf({
    ...told(churn, number, moment),
    meter: "network.outgoing.bytes",
    value,
    origin: "poll",
    source: "libvirt",
    stance: "sights",
    dimensions: {},
    incarnation: { host: `host-${number % 100}`, device: "tap0", startedAt, witnessed: true },
  });
