import type { Proof } from "./proof.ts";

/** `none` is for what always fires, so that its silence is noticed. */
export type Severity = "none" | "info" | "warning" | "critical";

/** Who is woken: whoever runs Raingauge, whoever answers for the bill, whoever plans the cloud. */
export type Team = "operations" | "finance" | "capacity";

/**
 * Where the series are: `scraped` by the operator's own Prometheus from our `/metrics`, because what is down cannot say so
 * itself; or `served` by our own query API.
 */
export type Source = "scraped" | "served";

export interface Alert {
  /** In Prometheus it stands beside everybody else's alerts, hence the prefix. */
  readonly name: `Raingauge${string}`;
  readonly expr: string;
  /** How long it must be true before anybody is woken: Prometheus' own notation. */
  readonly for: string;
  readonly severity: Severity;
  readonly team: Team;
  /** One line. Labels as `{{ .Labels.name }}`, which Prometheus, vmalert and Grafana all fill in. */
  readonly summary: string;
  /** What it means and what it costs; the runbook says what to do. */
  readonly description: string;
  /** Where to look: the panel that shows the same number. */
  readonly panel: { readonly board: string; readonly id: number };
  /** A heartbeat: no answer is itself the alarm. Everywhere else no answer means that all is well. */
  readonly isHeartbeat?: true;
  readonly runbook: Runbook;
  readonly proof: Proof;
}

/** What the page in `docs/runbooks` says beside the alert itself. */
export interface Runbook {
  /** What to ask, in PromQL or on a shell, and what the answer says. */
  readonly look: readonly Look[];
  readonly act: readonly string[];
  /** Whom it costs money while it lasts. */
  readonly costs: string;
}

export interface Look {
  readonly for: string;
  readonly query?: string;
  readonly command?: string;
}

export interface AlertGroup {
  readonly name: string;
  readonly source: Source;
  /** How often it is evaluated. */
  readonly interval: string;
  readonly alerts: readonly Alert[];
}

/** `RaingaugeAgentSilent` is told of in `docs/runbooks/agent-silent.md`. */
export const runbookOf = ({ name }: Pick<Alert, "name">): string =>
  `${name
    .replace(/^Raingauge/, "")
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-")
    .toLowerCase()}.md`;

/** Prometheus' durations, as far as rules use them. */
export function secondsOf(duration: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(duration) ?? [];
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }[unit ?? ""];
  if (seconds === undefined) throw new RangeError(`${duration} is no duration`);
  return Number(count) * seconds;
}
