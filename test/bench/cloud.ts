import { hash } from "node:crypto";
import {
  at,
  type Batch,
  type Instant,
  instant,
  LIBVIRT_LIMIT_SECONDS,
  METERS,
  type Meter,
  MINUTE_MS,
  type Sample,
} from "@raingauge/domain";
import { sampleOf } from "@raingauge/wire";

/** Compute nodes full of machines, and how often they are polled. The same size always says the same. */
export interface Cloud {
  readonly hosts: number;
  readonly machinesPerHost: number;
  /** Whose machines share a host; a message carries one project's part of a poll. */
  readonly projectsPerHost: number;
  readonly meters: readonly Meter[];
  readonly pollMinutes: number;
}

/** What one poll of libvirt says of a machine with one disk and one interface. */
const POLLED: readonly string[] = [
  "instance",
  "vcpus",
  "memory",
  "disk.root.size",
  "disk.ephemeral.size",
  "cpu",
  "memory.usage",
  "disk.device.read.bytes",
  "disk.device.write.bytes",
  "disk.device.read.requests",
  "disk.device.write.requests",
  "network.incoming.bytes",
  "network.outgoing.bytes",
  "network.incoming.packets",
  "network.outgoing.packets",
];

export const INSTANCE_METERS = METERS.filter(({ name }) => POLLED.includes(name));

export const START = instant("2026-01-01T00:00:00Z");
export const REGION = "RegionOne";

/** What each host's poller publishes, tick by tick, from the first tick on. */
export function* polls(cloud: Cloud, ticks: number, first = 0): Generator<Batch> {
  for (let tick = first; tick < first + ticks; tick += 1) {
    for (let host = 0; host < cloud.hosts; host += 1) yield poll(cloud, host, tick);
  }
}

const tickAt = ({ pollMinutes }: Cloud, tick: number): Instant => at(START + tick * pollMinutes * MINUTE_MS);

function poll(cloud: Cloud, host: number, tick: number): Batch {
  const numbers = Array.from({ length: cloud.machinesPerHost }, (_, index) => host * cloud.machinesPerHost + index);
  const moment = tickAt(cloud, tick);
  return {
    samples: numbers.flatMap((number) =>
      cloud.meters.map((meter) => reading({ host, tick, moment, number, meter, projects: cloud.projectsPerHost })),
    ),
    events: [],
    coverage: [
      {
        region: REGION,
        source: "libvirt",
        agent: hostName(host),
        period: { start: tickAt(cloud, Math.max(0, tick - 1)), end: moment },
        confirms: { resourceTypes: ["instance"], limitSeconds: LIBVIRT_LIMIT_SECONDS },
      },
    ],
  };
}

interface Told {
  readonly host: number;
  readonly tick: number;
  readonly moment: Instant;
  readonly number: number;
  readonly meter: Meter;
  readonly projects: number;
}

const reading = ({ host, tick, moment, number, meter, projects }: Told): Sample =>
  sampleOf({
    region: REGION,
    project: hex(`project ${host % 4} ${number % projects}`),
    meter: meter.name,
    resource: uuid(`machine ${number}`),
    at: moment,
    value: levelOf(meter, number, tick),
    origin: "poll",
    source: "libvirt",
    stance: meter.existence ? "sights" : "states",
    dimensions: meter.existence ? DIMENSIONS[number % DIMENSIONS.length]! : {},
    sequence: moment * 1_000,
    message: `libvirt/${hostName(host)}/${moment}`,
    ...(meter.kind === "cumulative"
      ? { incarnation: { host: hostName(host), device: deviceOf(meter), startedAt: START, witnessed: true } }
      : {}),
  });

/** What is there stays as it is, a third of the counters stand still, memory goes up and down. */
function levelOf({ existence, kind, name }: Meter, number: number, tick: number): bigint {
  if (existence) return BigInt(1 + (number % 4)) * (name === "instance" || name === "vcpus" ? 1n : 1024n ** 3n);
  if (kind === "gauge") return 1024n ** 2n * BigInt(200 + ((number * 31 + tick * 17) % 300));
  return number % 3 === 0 ? 4096n : BigInt(tick) * BigInt(100_003 + number) + BigInt((number * tick) % 977);
}

const deviceOf = ({ name }: Meter): string =>
  name.startsWith("disk.device") ? "vda" : name.startsWith("network") ? "tap0" : "";

const hostName = (host: number): string => `compute-${String(host).padStart(3, "0")}`;

const DIMENSIONS = ["m1.tiny", "m1.small", "m1.large"].map((flavor) => ({
  flavor,
  state: "active",
  image: uuid("image"),
}));

function uuid(name: string): string {
  const digits = hex(name);
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([from, to]) => digits.slice(from, to))
    .join("-");
}

/** As OpenStack names a project. */
function hex(name: string): string {
  return hash("sha256", name, "hex").slice(0, 32);
}
