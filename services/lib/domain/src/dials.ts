import { OPENSTACK_EXPORTER } from "./dials/openstack-exporter.ts";
import type { ShownUnit } from "./meter.ts";
import { rational } from "./rational.ts";

/**
 * A number that a cloud is looked at by: how large it is, how much of a quota is taken, whether a part of it is up. It is kept
 * as readings are, under its own name. It is nobody's usage: it is no meter, so `measure` knows none and no price may name it.
 */
export interface Dial {
  /** As PromQL asks for it. */
  readonly name: string;
  readonly labels: readonly string[];
  /** The integer unit in which it is stored. */
  readonly unit: string;
  readonly shown: ShownUnit;
  /** A project's own dial may be seen by that project; what is the cloud's, only by those who may see everything. */
  readonly of: "cloud" | "project";
  /** Who told such numbers first, in that exporter's own words; ours are `raingauge`. */
  readonly collector: string;
}

/** The project of readings that belong to none. Keystone's ids and names of projects are longer, or are not this. */
export const CLOUD = "-";

/**
 * What is stored where OpenStack says −1, which is "without limit", or "a status that has no number": a reading is never
 * negative, and nothing else is as large.
 */
export const UNBOUNDED = 2n ** 63n - 1n;

const COUNT: Pick<Dial, "unit" | "shown"> = { unit: "", shown: { unit: "", factor: rational(1n) } };

export const DIALS: readonly Dial[] = [...exporters(), ...ours()];

const BY_NAME: ReadonlyMap<string, Dial> = new Map(DIALS.map((dial) => [dial.name, dial]));

export const dialNamed = (name: string): Dial | undefined => BY_NAME.get(name);

export const isDial = (meter: string): boolean => BY_NAME.has(meter);

function exporters(): Dial[] {
  return Object.entries(OPENSTACK_EXPORTER).flatMap(([collector, metrics]) =>
    Object.entries(metrics).map(([suffix, labels]): Dial => {
      const name = `openstack_${collector}_${suffix}`;
      return { name, labels, ...unitOf(suffix), of: "cloud", collector };
    }),
  );
}

/** The unit is at the end of a name, where there is one. */
function unitOf(suffix: string): Pick<Dial, "unit" | "shown"> {
  if (/_gb$|_gigabytes$/.test(suffix)) return { unit: "B", shown: { unit: "GiB", factor: rational(2n ** 30n) } };
  if (/(^|_)bytes$/.test(suffix)) return { unit: "B", shown: { unit: "B", factor: rational(1n) } };
  if (/_at$/.test(suffix)) return { unit: "s", shown: { unit: "s", factor: rational(1n) } };
  if (/_ratio$/.test(suffix)) return { unit: "millionth", shown: { unit: "", factor: rational(10n ** 6n) } };
  return COUNT;
}

function ours(): Dial[] {
  const quota = ["project", "region", "service", "quota"];
  const capacity = ["region", "host", "availability_zone", "capacity"];
  const dial = (name: string, labels: readonly string[], of: Dial["of"]): Dial => ({
    ...{ name: `raingauge_${name}`, labels, of, collector: "raingauge" },
    ...COUNT,
  });
  return [
    dial("quota_limit", quota, "project"),
    dial("quota_used", quota, "project"),
    dial("capacity_total", capacity, "cloud"),
    dial("capacity_used", capacity, "cloud"),
  ];
}
