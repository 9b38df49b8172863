/** A name that Ceilometer, Gnocchi or CloudKitty still knows or once knew, and that nothing produces any more. */
export interface DeadMeter {
  readonly name: string;
  readonly why: string;
  /** The meter here that says the same or more. */
  readonly instead?: string;
}

const dead = (why: string, names: Readonly<Record<string, string | undefined>>): DeadMeter[] =>
  Object.entries(names).map(([name, instead]) => ({ name, why, ...(instead === undefined ? {} : { instead }) }));

const all = (why: string, names: readonly string[], instead?: string): DeadMeter[] =>
  names.map((name) => ({ name, why, ...(instead === undefined ? {} : { instead }) }));

const RATE = "a rate is what a counter grew by, divided by time: ask for the usage of the counter";
const AGGREGATE = "added up over all disks of an instance; only the disks are left";
const PRESENCE = "it said that the resource was there, which its size says too";
const EVENT = "it counted notifications; they are kept as events";
const NODE_MANAGER = "Intel's Node Manager, removed in 2025";
const CMT = "Intel's cache monitoring, removed from the Linux kernel";
const LBAAS = "Neutron's load balancer, removed in 2022; Octavia took its place";
const SDN = "OpenDaylight and OpenContrail, removed in 2024";
const SNMP = "hosts asked over SNMP, removed in 2022; the poller on the host reads bytes";
const HYPERVISOR = "of a hypervisor or a service that OpenStack no longer has";

/** `….*` is every name that begins so. */
export const DEAD: readonly DeadMeter[] = [
  ...dead(RATE, {
    cpu_util: "cpu",
    "network.incoming.bytes.rate": "network.incoming.bytes",
    "network.outgoing.bytes.rate": "network.outgoing.bytes",
    "network.incoming.packets.rate": "network.incoming.packets",
    "network.outgoing.packets.rate": "network.outgoing.packets",
    "disk.read.bytes.rate": "disk.device.read.bytes",
    "disk.write.bytes.rate": "disk.device.write.bytes",
    "disk.read.requests.rate": "disk.device.read.requests",
    "disk.write.requests.rate": "disk.device.write.requests",
    "disk.device.read.bytes.rate": "disk.device.read.bytes",
    "disk.device.write.bytes.rate": "disk.device.write.bytes",
    "disk.device.read.requests.rate": "disk.device.read.requests",
    "disk.device.write.requests.rate": "disk.device.write.requests",
    "disk.iops": "disk.device.read.requests",
    "disk.latency": "disk.device.read.latency",
    "disk.device.iops": "disk.device.read.requests",
    "disk.device.latency": "disk.device.read.latency",
  }),
  ...dead(AGGREGATE, {
    "disk.allocation": "disk.device.allocation",
    "disk.capacity": "disk.device.capacity",
    "disk.usage": "disk.device.usage",
  }),
  ...dead(PRESENCE, { volume: "volume.size", image: "image.size" }),
  ...all(EVENT, ["stack.create", "stack.update", "stack.delete", "stack.resume", "stack.suspend"], "stack"),
  ...all(
    EVENT,
    [
      "volume.manage_existing.start",
      "volume.manage_existing.end",
      "volume.manage_existing_snapshot.start",
      "volume.manage_existing_snapshot.end",
    ],
    "volume.size",
  ),
  ...all(EVENT, [
    "identity.user.created",
    "identity.user.updated",
    "identity.user.deleted",
    "identity.group.created",
    "identity.group.updated",
    "identity.group.deleted",
    "identity.role.created",
    "identity.role.updated",
    "identity.role.deleted",
    "identity.project.created",
    "identity.project.updated",
    "identity.project.deleted",
    "identity.trust.created",
    "identity.trust.deleted",
    "identity.role_assignment.created",
    "identity.role_assignment.deleted",
  ]),
  ...dead(NODE_MANAGER, {
    "hardware.ipmi.node.power": "hardware.ipmi.power",
    "hardware.ipmi.node.temperature": "hardware.ipmi.temperature",
    "hardware.ipmi.node.inlet_temperature": "hardware.ipmi.temperature",
    "hardware.ipmi.node.outlet_temperature": "hardware.ipmi.temperature",
    "hardware.ipmi.node.fan": "hardware.ipmi.fan",
    "hardware.ipmi.node.current": "hardware.ipmi.current",
    "hardware.ipmi.node.voltage": "hardware.ipmi.voltage",
    "hardware.ipmi.node.airflow": undefined,
    "hardware.ipmi.node.cups": undefined,
    "hardware.ipmi.node.cpu_util": undefined,
    "hardware.ipmi.node.mem_util": undefined,
    "hardware.ipmi.node.io_util": undefined,
  }),
  ...all(CMT, ["cpu_l3_cache", "memory.bandwidth.total", "memory.bandwidth.local"]),
  ...all(
    LBAAS,
    ["pool", "vip", "member", "health_monitor", "listener", "loadbalancer"].map(
      (part) => `network.services.lb.${part}`,
    ),
    "loadbalancer",
  ),
  ...all(SDN, ["switch.*", "port.*"]),
  ...all(SNMP, ["hardware.system_stats.io.incoming.blocks"], "hardware.disk.read.bytes"),
  ...all(SNMP, ["hardware.system_stats.io.outgoing.blocks"], "hardware.disk.write.bytes"),
  ...all(HYPERVISOR, ["energy", "power", "sahara.*", "magnum.bay.metrics.*"]),
];
