import type { Meter } from "./meter.ts";
import { CINDER } from "./meters/cinder.ts";
import { GLANCE } from "./meters/glance.ts";
import { HOST } from "./meters/host.ts";
import { LIBVIRT } from "./meters/libvirt.ts";
import { NEUTRON } from "./meters/neutron.ts";
import { NOVA } from "./meters/nova.ts";
import { RADOSGW, SWIFT } from "./meters/object-storage.ts";
import { PLATFORM, REQUESTS } from "./meters/platform.ts";
import { SENSORS } from "./meters/sensors.ts";

/** Every meter there is, whether or not its sources are built yet; one row each. */
export const METERS: readonly Meter[] = [
  ...NOVA,
  ...LIBVIRT,
  ...CINDER,
  ...NEUTRON,
  ...GLANCE,
  ...SWIFT,
  ...RADOSGW,
  ...PLATFORM,
  ...REQUESTS,
  ...HOST,
  ...SENSORS,
];

const BY_NAME: ReadonlyMap<string, Meter> = new Map(
  METERS.flatMap((meter) => [meter.name, ...meter.aliases].map((name) => [name, meter] as const)),
);

/** By its name or by an alias. */
export const meterNamed = (name: string): Meter | undefined => BY_NAME.get(name);

/** The name under which readings are stored and prices kept. A name that nobody knows stands for itself. */
export const canonicalName = (name: string): string => meterNamed(name)?.name ?? name;
