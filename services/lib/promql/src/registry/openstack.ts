import type { Metric } from "./metric.ts";
import { OPENSTACK_EXPORTER } from "./openstack-exporter.ts";

export const OPENSTACK: readonly Metric[] = Object.entries(OPENSTACK_EXPORTER).flatMap(([collector, metrics]) =>
  Object.entries(metrics).map(([suffix, labels]): Metric => {
    const name = `openstack_${collector}_${suffix}`;
    return {
      name,
      type: "gauge",
      unit: unitOf(suffix),
      labels,
      help: `As the openstack-exporter's ${collector} collector tells it: ${suffix.replaceAll("_", " ")}.`,
      origin: "exporter",
      of: collector,
    };
  }),
);

function unitOf(suffix: string): string {
  if (/_gb$|_gigabytes$/.test(suffix)) return "GiB";
  if (/(^|_)bytes$/.test(suffix)) return "B";
  if (/_at$/.test(suffix)) return "s";
  return "";
}
