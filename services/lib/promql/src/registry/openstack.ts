import type { Metric } from "./metric.ts";
import { OPENSTACK_EXPORTER } from "./openstack-exporter.ts";

/** Those that readings of ours answer, under the exporter's own labels. The others need the exporter itself. */
const FROM_READINGS: Readonly<Record<string, string>> = {
  openstack_cinder_volume_gb: "volume.size",
  openstack_glance_image_bytes: "image.size",
  openstack_neutron_floating_ip: "ip.floating",
};

export const OPENSTACK: readonly Metric[] = Object.entries(OPENSTACK_EXPORTER).flatMap(([collector, metrics]) =>
  Object.entries(metrics).map(([suffix, labels]): Metric => {
    const name = `openstack_${collector}_${suffix}`;
    const meter = FROM_READINGS[name];
    return {
      name,
      type: "gauge",
      unit: unitOf(suffix),
      labels,
      help: `As the openstack-exporter's ${collector} collector tells it: ${suffix.replaceAll("_", " ")}.`,
      ...(meter === undefined ? { origin: "exporter", of: collector } : { origin: "readings", of: meter }),
    };
  }),
);

function unitOf(suffix: string): string {
  if (/_gb$|_gigabytes$/.test(suffix)) return "GiB";
  if (/(^|_)bytes$/.test(suffix)) return "B";
  if (/_at$/.test(suffix)) return "s";
  return "";
}
