import {
  at,
  type Batch,
  type Coverage,
  type Dimensions,
  type Incarnation,
  type Instant,
  LIBVIRT_LIMIT_SECONDS,
  type Sample,
  SECOND_MS,
} from "@raingauge/domain";
import { type Reading, sampleOf } from "@raingauge/wire/sent";
import type { Counters, Device } from "./domain.ts";
import { type Found, type History, incarnationOf, type Kind } from "./history.ts";
import type { Machine } from "./machine.ts";

/** One poll of one host. */
export interface Poll {
  readonly region: string;
  readonly at: Instant;
  readonly machines: readonly FoundMachine[];
  /** What was known before this poll, and what is known now. */
  readonly before: History;
  readonly after: History;
}

export interface FoundMachine extends Found {
  readonly machine: Machine;
}

/**
 * Whom it favours: the tenant. A machine is billed from when Nova says that it was launched, and a domain runs some time
 * before that, or without its ever coming to that. Nova waits five minutes for the network and then gives up.
 */
const SETTLING_SECONDS = 5 * 60;

/** Everything that one poll says, in the order of the domains. Throws WireError for a clock gone astray. */
export const samplesOf = (poll: Poll): Batch => ({
  samples: poll.machines.flatMap((found) => [...sightings(poll, found), ...measurements(poll, found)]),
  events: [],
  coverage: [coverageOf(poll)],
});

/** Being there confirms what Nova stated; what the flavor in the XML says counts only where Nova stated nothing at all. */
function sightings(poll: Poll, { machine, domain, writtenAt }: FoundMachine): Sample[] {
  if (writtenAt !== undefined && poll.at < writtenAt + SETTLING_SECONDS * SECOND_MS) return [];
  const { flavor, image } = machine;
  const dimensions = { flavor: flavor.name, state: domain.state, image };
  const sight = (meter: string, value: bigint): Sample =>
    sampleOf({ ...reading(poll, machine), meter, value, stance: "sights", dimensions });
  return [
    sight("instance", 1n),
    sight("vcpus", flavor.vcpus),
    sight("memory", flavor.memoryBytes),
    sight("disk.root.size", flavor.rootBytes),
    sight("disk.ephemeral.size", flavor.ephemeralBytes),
  ];
}

/** What was measured is stated: its meters have no dimensions that only Nova knows, and the project is Nova's own word. */
function measurements(poll: Poll, found: FoundMachine): Sample[] {
  const { domain, report, machine } = found;
  if (report.process === undefined) return [];
  return [
    ...counted(poll, found, "cpu", { name: "", counters: domain.counters }),
    ...entries(domain.gauges).map(([meter, value]) => measured(poll, machine, meter, value)),
    ...domain.disks.flatMap((disk) => [...counted(poll, found, "disk", disk), ...room(poll, machine, disk)]),
    ...domain.interfaces.flatMap((each) => counted(poll, found, "interface", each)),
  ];
}

function counted(poll: Poll, found: FoundMachine, kind: Kind, { name, counters }: Device): Sample[] {
  const incarnation = incarnationOf(poll.after, found.report.uuid, kind, name);
  if (incarnation === undefined) return [];
  return entries(counters).map(([meter, value]) => measured(poll, found.machine, meter, value, incarnation));
}

/** A disk's room is the disk's own, `<instance>-<device>`: it is no counter, and has no incarnation to tell disks apart. */
const room = (poll: Poll, machine: Machine, { name, gauges = {} }: Device): Sample[] =>
  entries(gauges).map(([meter, value]) => measured(poll, { ...machine, id: `${machine.id}-${name}` }, meter, value));

const entries = (counters: Counters): [string, bigint][] => Object.entries(counters);

const NO_DIMENSIONS: Dimensions = {};

const measured = (poll: Poll, machine: Machine, meter: string, value: bigint, incarnation?: Incarnation): Sample =>
  sampleOf({
    ...reading(poll, machine),
    meter,
    value,
    stance: "states",
    dimensions: NO_DIMENSIONS,
    ...(incarnation === undefined ? {} : { incarnation }),
  });

const reading = ({ region, at: moment, after }: Poll, { id, project }: Machine) =>
  ({
    region,
    project,
    resource: id,
    at: moment,
    origin: "poll",
    source: "libvirt",
    sequence: moment * 1_000,
    message: `libvirt/${after.host}/${moment}`,
  }) satisfies Partial<Reading>;

/** From the last successful poll to this one, if that was not too long ago to speak for the time between. */
function coverageOf({ region, at: moment, before, after }: Poll): Coverage {
  const last = before.polledAt;
  const isUnbroken = last !== undefined && last < moment && moment - last <= LIBVIRT_LIMIT_SECONDS * SECOND_MS;
  return {
    region,
    source: "libvirt",
    agent: after.host,
    period: { start: at(isUnbroken ? last : moment), end: moment },
    confirms: { resourceTypes: ["instance"], limitSeconds: LIBVIRT_LIMIT_SECONDS },
  };
}
