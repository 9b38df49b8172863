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

/**
 * The meters that everybody has, whether or not their sources are built yet; one row each. For documents and tests: what
 * runs asks `allMeters`, or an operator's own would be left out of a bill.
 */
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

interface Catalogue {
  readonly meters: readonly Meter[];
  readonly own: readonly Meter[];
  readonly byName: ReadonlyMap<string, Meter>;
}

const catalogueOf = (own: readonly Meter[]): Catalogue => {
  const meters = [...METERS, ...own];
  const names = meters.flatMap((meter) => [meter.name, ...meter.aliases].map((name) => [name, meter] as const));
  return { meters, own, byName: new Map(names) };
};

/** The one thing of the domain that is set and not passed: whoever names a meter in this process must mean the same one. */
let catalogue: Catalogue & { isRead: boolean } = { ...catalogueOf([]), isRead: false };

const read = (): Catalogue => {
  catalogue.isRead = true;
  return catalogue;
};

/**
 * Adds an operator's own meters, once, before anybody has asked for one: after that it throws, because what was computed
 * without them would stay so. The same ones may be declared again. Built-in names are taken.
 */
export function declareMeters(own: readonly Meter[]): void {
  if (alike(own, catalogue.own)) return;
  if (catalogue.isRead) throw new Error("meters are declared before anything asks for one, and once");
  const seen = new Set<string>(METERS.flatMap(({ name, aliases }) => [name, ...aliases]));
  for (const { name } of own) {
    if (seen.has(name)) throw new RangeError(`two meters are called ${name}`);
    seen.add(name);
  }
  catalogue = { ...catalogueOf(own), isRead: true };
}

const alike = (some: readonly Meter[], others: readonly Meter[]): boolean => told(some) === told(others);

const told = (meters: readonly Meter[]): string =>
  JSON.stringify(meters, (_, value) => (typeof value === "bigint" ? String(value) : value));

/** Every meter that this process knows: everybody's, then the operator's own. */
export const allMeters = (): readonly Meter[] => read().meters;

/** By its name or by an alias. */
export const meterNamed = (name: string): Meter | undefined => read().byName.get(name);

/** The name under which readings are stored and prices kept. A name that nobody knows stands for itself. */
export const canonicalName = (name: string): string => meterNamed(name)?.name ?? name;

/** Of each type of resource, the first meter that says that one is there. */
export const presenceMeters = (): readonly Meter[] =>
  [
    ...Map.groupBy(
      allMeters().filter(({ existence }) => existence),
      ({ resourceType }) => resourceType,
    ).values(),
  ].flatMap(([meter]) => meter ?? []);
