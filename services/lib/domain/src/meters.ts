import type { Meter } from "./meter.ts";

const QUARTER_HOUR_SECONDS = 15 * 60;

const existence = (name: string, resourceType: string, unit: string, dimensions: readonly string[]): Meter => ({
  name,
  kind: "gauge",
  unit,
  resourceType,
  existence: true,
  dimensions,
  silenceSeconds: QUARTER_HOUR_SECONDS,
});

const gauge = (name: string, unit: string): Meter => ({
  name,
  kind: "gauge",
  unit,
  resourceType: "instance",
  existence: false,
  dimensions: [],
  silenceSeconds: QUARTER_HOUR_SECONDS,
});

const counter = (name: string, unit: string): Meter => ({ ...gauge(name, unit), kind: "cumulative" });

const INSTANCE = ["flavor", "state", "image", "availability_zone"];

/** Every meter that is collected today, under Ceilometer's name; one row each. */
export const METERS: readonly Meter[] = [
  existence("instance", "instance", "instance", INSTANCE),
  existence("vcpus", "instance", "vcpu", INSTANCE),
  existence("memory", "instance", "B", INSTANCE),
  existence("disk.root.size", "instance", "B", INSTANCE),
  existence("disk.ephemeral.size", "instance", "B", INSTANCE),
  counter("cpu", "ns"),
  gauge("memory.usage", "B"),
  counter("disk.device.read.bytes", "B"),
  counter("disk.device.write.bytes", "B"),
  counter("disk.device.read.requests", "request"),
  counter("disk.device.write.requests", "request"),
  counter("network.incoming.bytes", "B"),
  counter("network.outgoing.bytes", "B"),
  counter("network.incoming.packets", "packet"),
  counter("network.outgoing.packets", "packet"),
  existence("volume.size", "volume", "B", ["volume_type", "state", "availability_zone"]),
  existence("snapshot.size", "snapshot", "B", ["state"]),
  existence("image.size", "image", "B", ["visibility"]),
  existence("ip.floating", "floatingip", "ip", ["network", "state"]),
];

const BY_NAME: ReadonlyMap<string, Meter> = new Map(METERS.map((meter) => [meter.name, meter]));

export const meterNamed = (name: string): Meter | undefined => BY_NAME.get(name);
