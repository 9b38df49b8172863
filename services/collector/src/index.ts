export { type Collecting, collect } from "./collect.ts";
export { type CollectorOptions, type CollectorParts, collector } from "./collector.ts";
export { COLLECTOR_READERS, type Config, config, RETENTION } from "./config.ts";
export { type CollectorMetrics, collectorMetrics, exposed } from "./metrics.ts";
