import { daily, flat, PROJECTS, polled, REGIONS, rated, type Series, working } from "./series.ts";

const FLAVORS = [
  { flavor: "small", vcpus: 1, memory: 2048, price: 2 / 64 },
  { flavor: "medium", vcpus: 2, memory: 4096, price: 4 / 64 },
  { flavor: "large", vcpus: 8, memory: 16_384, price: 16 / 64 },
] as const;

interface Machine {
  readonly resource: string;
  readonly project: string;
  readonly region: string;
  readonly host: string;
  readonly size: (typeof FLAVORS)[number];
  readonly state: string;
  readonly load: number;
}

export const MACHINES: readonly Machine[] = Array.from({ length: 12 }, (_, index) => ({
  resource: `vm-${String(index).padStart(2, "0")}`,
  project: PROJECTS[index % 4] ?? "",
  region: REGIONS[index % 2] ?? "",
  host: `compute-${(index % 3) + 1}`,
  size: FLAVORS[index % 3] ?? FLAVORS[0],
  state: index === 7 ? "STOPPED" : "ACTIVE",
  load: 0.1 + (index % 5) * 0.15,
}));

export function machineSeries({ resource, project, region, host, size, state, load }: Machine): Series[] {
  const told = { project, resource, region, flavor: size.flavor, state, image: "debian-12", availability_zone: "nova" };
  const counter = (name: string, device: string, perSecond: number): Series =>
    polled(
      `ceilometer_${name}`,
      { project, resource, region, host, ...(device === "" ? {} : { device }) },
      working(perSecond),
    );
  const running = state === "ACTIVE" ? load : 0.001;
  return [
    polled("ceilometer_instance", { ...told, unit: "instance" }, flat(1)),
    polled("ceilometer_vcpus", { ...told, unit: "vcpu" }, flat(size.vcpus)),
    polled("ceilometer_memory", { ...told, unit: "MiB" }, flat(size.memory)),
    polled("ceilometer_memory_usage", { project, resource, region, unit: "MiB" }, (second) =>
      Math.round(size.memory * 0.4 * daily(second)),
    ),
    polled("ceilometer_memory_resident", { project, resource, region, unit: "MiB" }, flat(size.memory * 0.8)),
    counter("cpu", "", running * size.vcpus * 1e9),
    counter("disk_device_read_bytes", "vda", running * 4e6),
    counter("disk_device_write_bytes", "vda", running * 2e6),
    counter("disk_device_read_requests", "vda", running * 90),
    counter("disk_device_write_requests", "vda", running * 60),
    counter("disk_device_read_latency", "vda", running * 90 * 2e6),
    counter("disk_device_write_latency", "vda", running * 60 * 5e6),
    counter("network_incoming_bytes", "tap0", running * 3e6),
    counter("network_outgoing_bytes", "tap0", running * 5e6),
    counter("network_incoming_packets_drop", "tap0", running * 0.1),
    counter("network_incoming_packets_error", "tap0", 0),
    counter("network_outgoing_packets_drop", "tap0", running * 0.05),
    counter("network_outgoing_packets_error", "tap0", 0),
    ...rated({ project, region, resource }, "compute", "instance", size.flavor, "instance", 1, size.price),
    ...rated({ project, region, resource }, "compute", "vcpus", "", "vcpu", size.vcpus, 0),
    ...rated({ project, region, resource }, "compute", "memory", "", "MiB", size.memory, 0),
    ...rated({ project, region, resource }, "network", "network.outgoing.bytes", "traffic", "B", 18_000_000, 1 / 64),
  ];
}
