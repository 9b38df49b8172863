import type { Fields } from "./domstats.ts";

/** What one domain's counters and gauges stand at, in base units, by the meters' names. */
export interface Domain {
  /** Nova's word for libvirt's state. */
  readonly state: string;
  /** What is counted of the process: the time that its virtual CPUs ran (see `cpuNs`) and waited, swapping, perf events. */
  readonly counters: Counters;
  /** What is measured of its memory, as far as it tells; what the guest itself knows, it tells through a balloon driver alone. */
  readonly gauges: Counters;
  readonly disks: readonly Device[];
  readonly interfaces: readonly Device[];
  /** All disks and interfaces that the domain has are named here, so that one which is missing is not there. */
  readonly isComplete: boolean;
  /** Fields that hold something else than their meter can. */
  readonly malformedFields: number;
}

/** A disk or an interface. One whose counters could not be read just now has none. */
export interface Device {
  readonly name: string;
  readonly counters: Counters;
  /** What is measured of a disk's room. */
  readonly gauges?: Counters;
}

/** By meter. */
export type Counters = Readonly<Record<string, bigint>>;

const DISK = {
  "disk.device.read.bytes": "rd.bytes",
  "disk.device.write.bytes": "wr.bytes",
  "disk.device.read.requests": "rd.reqs",
  "disk.device.write.requests": "wr.reqs",
  "disk.device.read.latency": "rd.times",
  "disk.device.write.latency": "wr.times",
};

/**
 * How large a disk is, and what it takes. libvirt's two calls name the last two the other way round: what Ceilometer calls the
 * allocation is `physical` here, and its usage is `allocation`, the highest byte written.
 */
const DISK_ROOM = {
  "disk.device.capacity": "capacity",
  "disk.device.allocation": "physical",
  "disk.device.usage": "allocation",
};

/** As the guest sees it: what its tap device sends, it receives. libvirt has turned that round already. */
const INTERFACE = {
  "network.incoming.bytes": "rx.bytes",
  "network.outgoing.bytes": "tx.bytes",
  "network.incoming.packets": "rx.pkts",
  "network.outgoing.packets": "tx.pkts",
  "network.incoming.packets.drop": "rx.drop",
  "network.outgoing.packets.drop": "tx.drop",
  "network.incoming.packets.error": "rx.errs",
  "network.outgoing.packets.error": "tx.errs",
};

/** What the process counts besides its CPU time, where Nova switched the events on. */
const PERF = {
  "perf.cpu.cycles": "perf.cpu_cycles",
  "perf.instructions": "perf.instructions",
  "perf.cache.references": "perf.cache_references",
  "perf.cache.misses": "perf.cache_misses",
};

export function domainOf(fields: Fields): Domain {
  const numbers = numbersOf(fields);
  const disks = devices("block", DISK, fields, numbers.read, DISK_ROOM);
  const interfaces = devices("net", INTERFACE, fields, numbers.read);
  return {
    state: stateOf(fields),
    counters: processCounters(numbers.read),
    gauges: memoryGauges(numbers.read),
    disks,
    interfaces,
    isComplete: isAll("block", disks, fields) && isAll("net", interfaces, fields),
    malformedFields: numbers.malformed(),
  };
}

type Read = (field: string) => bigint | undefined;

const INT64_MAX = 2n ** 63n - 1n;

function numbersOf(fields: Fields): { readonly read: Read; readonly malformed: () => number } {
  const malformed = new Set<string>();
  const read: Read = (field) => {
    const text = fields.get(field);
    if (text === undefined) return undefined;
    const value = /^\d{1,20}$/.test(text) ? BigInt(text) : -1n;
    if (value >= 0n && value <= INT64_MAX) return value;
    malformed.add(field);
    return undefined;
  };
  return { read, malformed: () => malformed.size };
}

const known = (entries: readonly (readonly [meter: string, value: bigint | undefined])[]): Counters =>
  Object.fromEntries(entries.flatMap(([meter, value]) => (value === undefined ? [] : [[meter, value] as const])));

const processCounters = (read: Read): Counters =>
  known([
    ["cpu", cpuNs(read, "time")],
    ["cpu.steal", cpuNs(read, "delay")],
    ["memory.swap.in", times(read("balloon.swap_in"), KIBIBYTE)],
    ["memory.swap.out", times(read("balloon.swap_out"), KIBIBYTE)],
    ...Object.entries(PERF).map(([meter, field]) => [meter, read(field)] as const),
  ]);

const memoryGauges = (read: Read): Counters =>
  known([
    ["memory.usage", memoryUsageBytes(read)],
    ["memory.available", times(read("balloon.available"), KIBIBYTE)],
    ["memory.resident", times(read("balloon.rss"), KIBIBYTE)],
  ]);

const times = (value: bigint | undefined, factor: bigint): bigint | undefined => value && value * factor;

/**
 * The sum of what the virtual CPUs ran, or of what they were ready to run and another had the CPU (`delay`, the guest's steal). Whom it favours: the tenant. Ceilometer adds `vcpu.N.wait`, time in which a virtual
 * CPU was ready and got nothing; `cpu.time` adds the emulator's own threads. Neither is work that the tenant ordered.
 * Nothing is said where a virtual CPU is missing from the report: the sum would drop, and count again what it counted before.
 */
function cpuNs(read: Read, what: "time" | "delay"): bigint | undefined {
  const current = read("vcpu.current");
  const maximum = Number(read("vcpu.maximum") ?? current ?? 0n);
  const times = Array.from({ length: Math.min(maximum, VCPUS_MAX) }, (_, index) =>
    read(`vcpu.${index}.${what}`),
  ).filter((time) => time !== undefined);
  if (current === undefined || current === 0n || BigInt(times.length) !== current) return undefined;
  return times.reduce((total, time) => total + time, 0n);
}

/** More than any hypervisor has; a larger number is nonsense that must not cost memory. */
const VCPUS_MAX = 4_096;

const KIBIBYTE = 1024n;

/** Only a guest with a balloon driver says how much it could give away. */
function memoryUsageBytes(read: Read): bigint | undefined {
  const available = read("balloon.available");
  const free = read("balloon.usable") ?? read("balloon.unused");
  if (available === undefined || free === undefined || free > available) return undefined;
  return (available - free) * KIBIBYTE;
}

function devices(
  group: string,
  meters: Readonly<Record<string, string>>,
  fields: Fields,
  read: Read,
  room: Readonly<Record<string, string>> = {},
): Device[] {
  const count = Math.min(Number(read(`${group}.count`) ?? 0n), DEVICES_MAX);
  return Array.from({ length: count }, (_, index) => index).flatMap((index): Device[] => {
    const name = fields.get(`${group}.${index}.name`);
    if (name === undefined || name === "") return [];
    const of = (names: Readonly<Record<string, string>>): Counters =>
      known(Object.entries(names).map(([meter, field]) => [meter, read(`${group}.${index}.${field}`)] as const));
    return [{ name, counters: of(meters), gauges: of(room) }];
  });
}

const DEVICES_MAX = 1_024;

const isAll = (group: string, named: readonly Device[], fields: Fields): boolean =>
  fields.get(`${group}.count`) === String(named.length);

/** `virDomainState`, and of the reasons to be paused the one that a user chose; the others pass by themselves. */
function stateOf(fields: Fields): string {
  switch (fields.get("state.state")) {
    case "3":
      return fields.get("state.reason") === "1" ? "paused" : "active";
    case "5":
      return "stopped";
    case "6":
      return "error";
    case "7":
      return "suspended";
    default:
      return "active";
  }
}
