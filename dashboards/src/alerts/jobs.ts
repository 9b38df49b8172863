/** The jobs under which an operator's Prometheus scrapes our processes, as the example in `dashboards/prometheus` names them. */
export const OURS = 'job=~"raingauge.*"';
/** What a proof's scraped series carry. */
export const TARGET = 'job="raingauge-poller",instance="compute-1:9171"';
export const TARGET_LABELS = { job: "raingauge-poller", instance: "compute-1:9171" } as const;
