export { METRICS, type Metric, type MetricOrigin, type MetricType, metricNamed } from "./registry/registry.ts";
