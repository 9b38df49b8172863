import { collectorMetrics } from "@raingauge/collector";
import { listenerMetrics } from "@raingauge/listener";
import { centralMetrics, pollerMetrics } from "@raingauge/poller";
import { METRICS, type Metric, type MetricOrigin } from "@raingauge/promql/registry";
import { raterMetrics } from "@raingauge/rater";
import { type Description, processMetrics } from "@raingauge/runtime";

/** What each process declares of itself, in the registry's words. */
export function declared(): Metric[] {
  const processes: readonly (readonly [string, readonly Description[]])[] = [
    ["poller", pollerMetrics().described],
    ["poller", centralMetrics().described],
    ["listener", listenerMetrics().described],
    ["collector", collectorMetrics().described],
    ["rater", raterMetrics().described],
    ["every process", processMetrics("poller").described],
  ];
  return processes.flatMap(([of, described]) =>
    described.map(({ name, type, help, labels }) => ({
      name,
      type,
      unit: unitOf(name),
      labels: [...labels],
      help,
      origin: "process" as const,
      of,
    })),
  );
}

/** A process spells its units out at the end of a name. */
function unitOf(name: string): string {
  if (/_seconds(_total)?$/.test(name)) return "s";
  return /_bytes(_total)?$/.test(name) ? "B" : "";
}

/** The text of the registry's file; `biome check --write` lays it out. */
export const processesFile = (): string => `import type { Metric } from "./metric.ts";

/**
 * What each process tells of itself at its /metrics. Generated from every process's own \`metrics.ts\`, since a library may
 * not import them; \`UPDATE=1 npx vitest run test/catalogue\` writes it, and a test holds it current.
 */
export const PROCESSES: readonly Metric[] = ${JSON.stringify(declared(), undefined, 2)};
`;

/** `docs/metrics.md`: the registry for people to read. */
export const metricDocument = (): string =>
  [INTRODUCTION, ...SECTIONS.filter(({ of }) => METRICS.some(of)).flatMap(section)].join("\n");

const SECTIONS: readonly { readonly title: string; readonly says: string; readonly of: (metric: Metric) => boolean }[] =
  [
    {
      title: "Money, usage and what there is",
      says: "Served under `/prometheus`.",
      of: ({ name, origin }) => name.startsWith("raingauge_") && origin !== "process",
    },
    {
      title: "Readings",
      says: "Served under `/prometheus`, each meter under the name that OpenStack's own exporters give it. A resource whose priced dimensions change goes on as another series, and the one before ends there.",
      of: ({ name }) => name.startsWith("ceilometer_"),
    },
    {
      title: "The openstack-exporter's names",
      says: "For dashboards that were made for it. Where the central poller sweeps a cloud, these are served under `/prometheus` to those who may see everything, with the same labels and the `region` besides. Those from the openstack-exporter need that exporter itself, scraped by a Prometheus of the operator's.",
      of: ({ name }) => name.startsWith("openstack_"),
    },
    {
      title: "The processes",
      says: "Each process shows its own at `/metrics`, for a Prometheus of the operator's: an API that is down cannot say so itself.",
      of: ({ origin }) => origin === "process",
    },
  ];

const section = ({ title, says, of }: (typeof SECTIONS)[number]): string[] => [
  `## ${title}\n`,
  `${says}\n`,
  table(["metric", "type", "unit", "labels", "from", "says"], METRICS.filter(of).map(row)),
];

const row = ({ name, type, unit, labels, origin, of, help }: Metric): string[] => [
  code(name),
  type,
  unit,
  labels.map(code).join(", "),
  `${FROM[origin]}${of === "" ? "" : ` ${of}`}`,
  help,
];

const FROM: Readonly<Record<MetricOrigin, string>> = {
  readings: "readings:",
  sweep: "sweep:",
  rating: "computed by the",
  ledger: "the ledger's",
  process: "",
  exporter: "openstack-exporter:",
};

const code = (word: string): string => `\`${word}\``;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ").trim()} |`)
    .join("\n")
    .concat("\n");

const INTRODUCTION = `# Metrics

Every name that can be asked for in PromQL. This page is generated from the registry in
\`services/lib/promql/src/registry/\`; a test holds it current (\`UPDATE=1 npx vitest run test/catalogue\` writes it).
\`GET /prometheus/api/v1/metadata\` answers with the types, units and words of what is served there.
`;
