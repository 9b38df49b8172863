import type { Fields } from "./domstats.ts";

/** What one domain's counters and gauges stand at, in base units, by the meters' names. */
export interface Domain {
  /** Nova's word for libvirt's state. */
  readonly state: string;
  /** CPU time that the guest's own virtual CPUs ran, in nanoseconds; see `cpuNs`. */
  readonly cpu?: bigint;
  /** What the guest itself says it uses. */
  readonly memoryUsage?: bigint;
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
}

/** By meter. */
export type Counters = Readonly<Record<string, bigint>>;

const DISK = {
  "disk.device.read.bytes": "rd.bytes",
  "disk.device.write.bytes": "wr.bytes",
  "disk.device.read.requests": "rd.reqs",
  "disk.device.write.requests": "wr.reqs",
};

/** As the guest sees it: what its tap device sends, it receives. libvirt has turned that round already. */
const INTERFACE = {
  "network.incoming.bytes": "rx.bytes",
  "network.outgoing.bytes": "tx.bytes",
  "network.incoming.packets": "rx.pkts",
  "network.outgoing.packets": "tx.pkts",
};

export function domainOf(fields: Fields): Domain {
  const numbers = numbersOf(fields);
  const [cpu, memoryUsage] = [cpuNs(numbers.read), memoryUsageBytes(numbers.read)];
  const disks = devices("block", DISK, fields, numbers.read);
  const interfaces = devices("net", INTERFACE, fields, numbers.read);
  return {
    state: stateOf(fields),
    disks,
    interfaces,
    isComplete: isAll("block", disks, fields) && isAll("net", interfaces, fields),
    malformedFields: numbers.malformed(),
    ...(cpu === undefined ? {} : { cpu }),
    ...(memoryUsage === undefined ? {} : { memoryUsage }),
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

/**
 * The sum of what the virtual CPUs ran. Whom it favours: the tenant. Ceilometer adds `vcpu.N.wait`, time in which a virtual
 * CPU was ready and got nothing; `cpu.time` adds the emulator's own threads. Neither is work that the tenant ordered.
 * Nothing is said where a virtual CPU is missing from the report: the sum would drop, and count again what it counted before.
 */
function cpuNs(read: Read): bigint | undefined {
  const current = read("vcpu.current");
  const maximum = Number(read("vcpu.maximum") ?? current ?? 0n);
  const times = Array.from({ length: Math.min(maximum, VCPUS_MAX) }, (_, index) => read(`vcpu.${index}.time`)).filter(
    (time) => time !== undefined,
  );
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

function devices(group: string, meters: Readonly<Record<string, string>>, fields: Fields, read: Read): Device[] {
  const count = Math.min(Number(read(`${group}.count`) ?? 0n), DEVICES_MAX);
  return Array.from({ length: count }, (_, index) => index).flatMap((index): Device[] => {
    const name = fields.get(`${group}.${index}.name`);
    if (name === undefined || name === "") return [];
    const counters = Object.entries(meters).flatMap(([meter, field]) => {
      const value = read(`${group}.${index}.${field}`);
      return value === undefined ? [] : [[meter, value] as const];
    });
    return [{ name, counters: Object.fromEntries(counters) }];
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
