import type { Source } from "./alert.ts";

export interface Annotation {
  readonly name: string;
  readonly expr: string;
  readonly title: string;
  readonly color: string;
  /** The value is the instant, in milliseconds. */
  readonly isValueTime?: boolean;
}

/** What happened beside the numbers, by who can tell of it. */
export const annotationsOf = (source: Source): readonly Annotation[] => (source === "served" ? SERVED : SCRAPED);

const SERVED: readonly Annotation[] = [
  {
    name: "New prices",
    expr: "raingauge_price_book_valid_from_timestamp_seconds * 1000",
    title: "{{book}} version {{version}}",
    color: "purple",
    isValueTime: true,
  },
];

const SCRAPED: readonly Annotation[] = [
  {
    name: "Restarts",
    expr: 'changes(process_start_time_seconds{job=~"$job",instance=~"$instance"}[$__rate_interval]) > 0',
    title: "{{instance}} was started",
    color: "blue",
  },
  {
    name: "Gaps in coverage",
    expr: 'time() - max by (region) (listener_coverage_end_seconds{job=~"$job"}) > 600',
    title: "{{region}} is not heard",
    color: "orange",
  },
];
