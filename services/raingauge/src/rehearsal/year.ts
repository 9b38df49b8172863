import { at, type Coverage, HOUR_MS, type Instant, type Sample } from "@raingauge/domain";
import { type Reading, sampleOf } from "@raingauge/wire";
import { CUSTOMERS, projectOf } from "./customers.ts";

/** Something that is told at an instant, which may be long after it happened. */
export interface Told {
  readonly at: Instant;
  readonly samples: readonly Sample[];
  readonly coverage: readonly Coverage[];
}

const DAY_MS = 24 * HOUR_MS;
const REGION = "north";

/** The first of each month, UTC; one more than there are months. */
export const firsts = (year: number): Instant[] =>
  Array.from({ length: 13 }, (_, month) => at(Date.UTC(year, month, 1)));

/**
 * A year of every customer: a machine that is always there and audited each day, and in each month a machine and a volume
 * that come and go. In every third month the machine's end is heard after that month was closed, so that too much was
 * billed; in every fourth the volume is heard of only then, so that too little was.
 */
export function yearOf(year: number): Told[] {
  const months = firsts(year);
  const days = Array.from({ length: (at(months[12] ?? 0) - (months[0] ?? 0)) / DAY_MS }, (_, day) =>
    at((months[0] ?? 0) + day * DAY_MS),
  );
  const told = CUSTOMERS.flatMap(({ id }) => [
    ...days.map((day) => audited(id, day)),
    ...months.slice(0, 12).flatMap((first, month) => monthly(id, first, month)),
  ]);
  return [...told, ...days.map(watched)].toSorted((a, b) => a.at - b.at);
}

/** At noon, which is the same day everywhere. */
const audited = (account: string, day: Instant): Told =>
  plainly([machine(account, `${account}-always`, at(day + DAY_MS / 2), "states")], at(day + DAY_MS / 2));

const watched = (day: Instant): Told => ({
  at: at(day + DAY_MS),
  samples: [],
  coverage: [
    {
      region: REGION,
      source: "nova.audit",
      agent: "compute-1",
      period: { start: day, end: at(day + DAY_MS) },
      confirms: { resourceTypes: ["instance"], limitSeconds: 26 * 3_600 },
    },
  ],
});

function monthly(account: string, first: Instant, month: number): Told[] {
  const on = (day: number, hour: number): Instant => at(first + (day - 1) * DAY_MS + hour * HOUR_MS);
  const late = on(45, 0);
  const guest = `${account}-guest-${month}`;
  const disk = `${account}-disk-${month}`;
  const isEndLate = month % 3 === 1;
  const isDiskLate = month % 4 === 2;
  return [
    plainly([machine(account, guest, on(5, 10), "states")], on(5, 10)),
    plainly([machine(account, guest, on(20, 7), "ends")], isEndLate ? late : on(20, 7)),
    plainly([volume(account, disk, on(10, 3), "states")], isDiskLate ? late : on(10, 3)),
    plainly([volume(account, disk, on(25, 18), "ends")], isDiskLate ? late : on(25, 18)),
  ];
}

const plainly = (samples: readonly Sample[], moment: Instant): Told => ({ at: moment, samples, coverage: [] });

const machine = (account: string, resource: string, moment: Instant, stance: Reading["stance"]): Sample =>
  reading(account, { meter: "instance", resource, at: moment, stance, value: 1n, source: "nova" });

const volume = (account: string, resource: string, moment: Instant, stance: Reading["stance"]): Sample =>
  reading(account, { meter: "volume.size", resource, at: moment, stance, value: 500_000_000_000n, source: "cinder" });

const reading = (
  account: string,
  told: Pick<Reading, "meter" | "resource" | "at" | "stance" | "value" | "source">,
): Sample =>
  sampleOf({
    region: REGION,
    project: projectOf(account),
    origin: "notification",
    dimensions: {},
    sequence: told.at * 1_000,
    message: `rehearsed-${told.resource}-${told.at}-${told.stance}`,
    ...told,
  });
