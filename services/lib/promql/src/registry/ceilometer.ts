import { allMeters, METERS, type Meter } from "@raingauge/domain";
import type { Metric, MetricType } from "./metric.ts";

/** `disk.root.size` is asked for as `ceilometer_disk_root_size`, as OpenStack's own exporters of Ceilometer's meters have it. */
export const metricNameOf = (meter: string): string => `ceilometer_${meter.replaceAll(/[^a-zA-Z0-9_]/g, "_")}`;

/** A counter is told by one host, of one disk or interface; of the resource itself there is no `device`. */
const LIFE = ["host", "device"] as const;

const KINDS = {
  gauge: "what was there at that instant",
  delta: "each a difference by itself, to be summed over time",
  cumulative: "which only grow",
} as const satisfies Readonly<Record<Meter["kind"], string>>;

/** A difference goes up and down with each reading; only what is counted up is a counter. */
function typeOf({ kind }: Meter): MetricType {
  return kind === "cumulative" ? "counter" : "gauge";
}

/** A meter of the catalogue, in the unit in which people read it, which is Ceilometer's. */
const metricOf = (meter: Meter): Metric => ({
  name: metricNameOf(meter.name),
  type: typeOf(meter),
  unit: meter.shown.unit,
  labels: ["project", "resource", "region", "unit", ...meter.dimensions, ...(meter.kind === "cumulative" ? LIFE : [])],
  help: `Readings of the meter ${meter.name}, ${KINDS[meter.kind]}, in ${meter.shown.unit}.`,
  origin: "readings",
  of: meter.name,
});

/** Of everybody's meters; an operator's own are known only when the process has started. */
export const CEILOMETER: readonly Metric[] = METERS.map(metricOf);

/** All of them. */
export const ceilometer = (): readonly Metric[] => allMeters().map(metricOf);

export const meterOfMetric = (name: string): Meter | undefined =>
  allMeters().find((meter) => metricNameOf(meter.name) === name);
