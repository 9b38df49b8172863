export { type LabelSet, labelSet, NAME } from "./label-set.ts";
export { type Matcher, matching } from "./matcher.ts";
export { answered, planned, type Query } from "./query.ts";
export { type ErrorType, QueryError } from "./query-error.ts";
export {
  allMetrics,
  METRICS,
  type Metric,
  type MetricOrigin,
  type MetricType,
  meterOfMetric,
  metricNamed,
  metricNameOf,
} from "./registry/registry.ts";
export type { Source, SourceSeries, Span, Sums } from "./source.ts";
export { durationOf } from "./syntax/literal.ts";
export { parse, parseSelector } from "./syntax/parse.ts";
export { laidOut } from "./syntax/print.ts";
