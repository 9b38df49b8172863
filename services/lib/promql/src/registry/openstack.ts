import { DIALS } from "@raingauge/domain";
import type { Metric } from "./metric.ts";

/** Of these services nothing is swept: the openstack-exporter itself, scraped by a Prometheus of the operator's, tells them. */
const UNSWEPT: ReadonlySet<string> = new Set(["gnocchi"]);

/** The openstack-exporter's names; what a sweep tells of them has a `region` besides. */
export const OPENSTACK: readonly Metric[] = DIALS.filter(({ collector }) => collector !== "raingauge").map(
  ({ name, labels, shown, collector }): Metric => ({
    name,
    type: "gauge",
    unit: shown.unit,
    labels: [...labels.filter((label) => label !== "region"), "region"],
    help: `As the openstack-exporter's ${collector} collector tells it: ${name
      .slice(`openstack_${collector}_`.length)
      .replaceAll("_", " ")}.`,
    origin: UNSWEPT.has(collector) ? "exporter" : "sweep",
    of: collector,
  }),
);
