import { type Metric, metricNamed } from "@raingauge/promql/registry";
import { selectorsOf } from "./expression.ts";
import { expanded } from "./macro.ts";
import type { Panel } from "./panel.ts";

/** What a panel says behind its "i": the question, where the numbers come from, and what to do. */
export const descriptionOf = (panel: Panel): string =>
  [
    panel.answers,
    sourceOf(panel),
    panel.act === undefined ? "" : `**When it is red or odd**: ${panel.act}`,
    panel.mayBeEmpty === undefined ? "" : `**May be empty**: ${panel.mayBeEmpty}`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");

function sourceOf({ queries }: Panel): string {
  const metrics = [...new Set(queries.flatMap(({ expr }) => selectorsOf(expanded(expr)).map(({ metric }) => metric)))];
  if (metrics.length === 0) return "";
  return `**From**: ${metrics.map((name) => `\`${name}\``).join(", ")} (docs/metrics.md).`;
}

/** A histogram is asked for by its parts. What Prometheus itself makes is in no registry of ours. */
export const metricOf = (name: string): Metric | undefined =>
  metricNamed(name) ?? metricNamed(name.replace(/_(bucket|sum|count)$/, ""));
