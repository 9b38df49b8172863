import type { RuleGroup } from "./rule-groups.ts";
import SHIPPED from "./shipped.json" with { type: "json" };

/** Go's zero time, by which Prometheus says that a rule was never evaluated. */
const NEVER = "0001-01-01T00:00:00Z";

/** The shipped rules as Prometheus tells of rules that it has loaded and not yet evaluated. */
export const shippedGroups = (): readonly RuleGroup[] =>
  SHIPPED.groups.map(({ name, interval, rules }) => ({
    name,
    file: "raingauge.rules.yml",
    rules: rules.map(({ name, query, duration, labels, annotations }) => ({
      state: "inactive",
      name,
      query,
      duration,
      labels,
      annotations,
      alerts: [],
      health: "unknown",
      evaluationTime: 0,
      lastEvaluation: NEVER,
      type: "alerting",
    })),
    interval,
    limit: 0,
    evaluationTime: 0,
    lastEvaluation: NEVER,
  }));
