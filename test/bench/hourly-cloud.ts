import {
  at,
  type Dimensions,
  HOUR_MS,
  IDENTITY_BYTES,
  type Incarnation,
  type Instant,
  LIBVIRT_LIMIT_SECONDS,
  type Sample,
  type SampleColumns,
  type Subject,
  samplesIn,
} from "@raingauge/domain";
import type { Arrival } from "@raingauge/store";
import { REGION } from "./cloud.ts";
import { METERS, MONTH } from "./month.ts";

/**
 * A cloud of so many machines, each read for 8 billable meters once an hour, in columns as they come from the bus. Identities are left
 * out: nothing that is measured here asks for one, and to work them out would take longer than all the rest.
 */
export interface HourlyCloud {
  readonly machines: number;
}

export const HOURS = (MONTH.end - MONTH.start) / HOUR_MS;

const MACHINES_PER_HOST = 40;
const POLLED_MINUTES = 10;

/** What every host says of one hour; the hour after the month's last closes it. */
export function* pollsOf({ machines }: HourlyCloud, hour: number): Generator<Arrival> {
  const hosts = Math.ceil(machines / MACHINES_PER_HOST);
  for (let host = 0; host < hosts; host += 1) {
    const columns = columnsOf({ machines }, host, hour);
    yield {
      position: { stream: "bench", sequence: BigInt(hour * hosts + host + 1) },
      batch: {
        columns,
        get samples() {
          return samplesIn(columns);
        },
        events: [],
        coverage: host === 0 ? [coverageAt(hour)] : [],
      },
    };
  }
}

/** Everything that was ever said of one machine, as the specification reads it. */
export const readingsOf = (machine: number): Sample[] =>
  Array.from({ length: HOURS + 1 }, (_, hour) => columnsOf({ machines: machine + 1 }, hostOf(machine), hour)).flatMap(
    (columns) => samplesIn(columns).filter(({ resource }) => resource === nameOf(machine)),
  );

export const coverageAt = (hour: number) => ({
  region: REGION,
  source: "libvirt",
  agent: "compute",
  period: { start: at(momentOf(hour) - HOUR_MS), end: momentOf(hour) },
  confirms: { resourceTypes: ["instance"], limitSeconds: 4 * LIBVIRT_LIMIT_SECONDS + 600 },
});

export const nameOf = (machine: number): string => `machine-${String(machine).padStart(7, "0")}`;

const hostOf = (machine: number): number => Math.floor(machine / MACHINES_PER_HOST);

const momentOf = (hour: number): Instant => at(MONTH.start + hour * HOUR_MS + POLLED_MINUTES * 60_000);

function columnsOf({ machines }: HourlyCloud, host: number, hour: number): SampleColumns {
  const first = host * MACHINES_PER_HOST;
  const here = Math.min(MACHINES_PER_HOST, machines - first);
  const count = here * METERS.length;
  const columns = {
    count,
    ...said(host),
    tellings: [{ message: `libvirt/${host}/${hour}`, sequence: momentOf(hour) * 1_000 }],
    subject: new Int32Array(count),
    meter: new Int32Array(count),
    at: new Float64Array(count).fill(momentOf(hour)),
    value: new BigInt64Array(count),
    incarnation: new Int32Array(count).fill(-1),
    telling: new Int32Array(count),
    ids: new Uint8Array(count * IDENTITY_BYTES),
  };
  for (let row = 0; row < count; row += 1) {
    const [machine, meter] = [Math.floor(row / METERS.length), row % METERS.length];
    const isCounter = METERS[meter]?.kind === "cumulative";
    columns.subject[row] = machine * 2 + Number(isCounter);
    columns.meter[row] = meter;
    if (isCounter) columns.incarnation[row] = 0;
    columns.value[row] = isCounter
      ? BigInt(hour) * BigInt(1_000_003 + first + machine) + BigInt((machine * hour) % 977)
      : BigInt(1 + (machine % 4)) * (meter < 2 ? 1n : 1024n ** 3n);
  }
  return columns;
}

interface Said {
  readonly subjects: readonly Subject[];
  readonly meters: readonly string[];
  readonly incarnations: readonly Incarnation[];
}

const known = new Map<number, Said>();

/** Of each machine what sees that it is there, and what counts; they are told apart by what they claim. */
function said(host: number): Said {
  const before = known.get(host);
  if (before !== undefined) return before;
  const subjects = Array.from({ length: MACHINES_PER_HOST }, (_, index) => host * MACHINES_PER_HOST + index).flatMap(
    (machine): Subject[] => [
      { ...about(machine), stance: "sights", dimensions: FLAVORS[machine % FLAVORS.length] as Dimensions },
      { ...about(machine), stance: "states", dimensions: NOTHING },
    ],
  );
  const made: Said = {
    subjects,
    meters: METERS.map(({ name }) => name),
    incarnations: [{ host: `compute-${host}`, device: "", startedAt: MONTH.start, witnessed: true }],
  };
  known.set(host, made);
  return made;
}

const about = (machine: number) => ({
  region: REGION,
  project: `project-${String(Math.floor(machine / 10) % 1_000).padStart(4, "0")}`,
  resource: nameOf(machine),
  source: "libvirt",
  origin: "poll" as const,
});

const FLAVORS = ["m1.tiny", "m1.small", "m1.large"].map((flavor) => ({ flavor, state: "active", image: "cirros" }));
const NOTHING: Dimensions = {};
