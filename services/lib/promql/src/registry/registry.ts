import { CEILOMETER, ceilometer } from "./ceilometer.ts";
import type { Metric } from "./metric.ts";
import { OPENSTACK } from "./openstack.ts";
import { PROCESSES } from "./processes.ts";
import { RAINGAUGE } from "./raingauge.ts";

export { meterOfMetric, metricNameOf } from "./ceilometer.ts";
export type { Metric, MetricOrigin, MetricType } from "./metric.ts";

const OTHERS: readonly Metric[] = [...OPENSTACK, ...RAINGAUGE, ...PROCESSES];

/** Every name that a dashboard, a rule or a page may ask for wherever this runs; docs/metrics.md says the same. */
export const METRICS: readonly Metric[] = [...CEILOMETER, ...OTHERS];

/** Those, and what an operator's own meters are asked for by. */
export const allMetrics = (): readonly Metric[] => [...ceilometer(), ...OTHERS];

export const metricNamed = (name: string): Metric | undefined => allMetrics().find((metric) => metric.name === name);
