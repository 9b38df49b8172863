export type MetricType = "counter" | "gauge" | "histogram";

/**
 * Where the numbers of a metric come from, and so who serves it.
 * - `readings`: the store's readings of a meter, served under /prometheus.
 * - `sweep`: what the central poller reads of a cloud to be looked at, served under /prometheus.
 * - `rating`: computed from usage and prices as it is asked for, served under /prometheus.
 * - `ledger`: documents as the ledger keeps them, served under /prometheus.
 * - `process`: a process tells it of itself at its /metrics; an operator's own Prometheus scrapes it.
 * - `exporter`: the openstack-exporter's, where an operator runs one; /prometheus does not serve it.
 */
export type MetricOrigin = "readings" | "sweep" | "rating" | "ledger" | "process" | "exporter";

/** A name that can be asked for in PromQL, and what it means. */
export interface Metric {
  readonly name: string;
  readonly type: MetricType;
  /** In the words of the catalogue (`ns`, `MiB`, `percent`); `currency` is the one that its label names; empty for a count. */
  readonly unit: string;
  readonly labels: readonly string[];
  readonly help: string;
  readonly origin: MetricOrigin;
  /** The meter, the process, the collector: in the origin's own words. */
  readonly of: string;
}
