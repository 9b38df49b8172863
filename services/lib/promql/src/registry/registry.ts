import { CEILOMETER } from "./ceilometer.ts";
import type { Metric } from "./metric.ts";
import { OPENSTACK } from "./openstack.ts";
import { PROCESSES } from "./processes.ts";
import { RAINGAUGE } from "./raingauge.ts";

export { meterOfMetric, metricNameOf } from "./ceilometer.ts";
export type { Metric, MetricOrigin, MetricType } from "./metric.ts";

/** Every name that a dashboard, a rule or a page may ask for. The API's metadata and docs/metrics.md say the same. */
export const METRICS: readonly Metric[] = [...CEILOMETER, ...OPENSTACK, ...RAINGAUGE, ...PROCESSES];

const BY_NAME: ReadonlyMap<string, Metric> = new Map(METRICS.map((metric) => [metric.name, metric]));

export const metricNamed = (name: string): Metric | undefined => BY_NAME.get(name);
