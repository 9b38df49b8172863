import { stringify } from "yaml";
import { type Alert, type AlertGroup, runbookOf, secondsOf } from "./alert.ts";
import { promtoolTest } from "./proof.ts";

/** The rule file, as Prometheus, vmalert, Mimir, Thanos and Grafana's import read it. */
export const ruleFile = (groups: readonly AlertGroup[], runbooks: string): string =>
  `${HEAD}${yaml({
    groups: groups.map(({ name, interval, alerts }) => ({
      name,
      interval,
      rules: alerts.map((alert) => ({
        alert: alert.name,
        expr: alert.expr,
        ...(alert.for === "0m" ? {} : { for: alert.for }),
        labels: labelsOf(alert),
        annotations: annotationsOf(alert, runbooks),
      })),
    })),
  })}`;

/** The same rules for the rater, which tells of them where nobody evaluates them. Times are seconds, as in Prometheus' answers. */
export const shippedRules = (groups: readonly AlertGroup[], runbooks: string): object => ({
  groups: groups.map(({ name, interval, alerts }) => ({
    name,
    interval: secondsOf(interval),
    rules: alerts.map((alert) => ({
      name: alert.name,
      query: alert.expr,
      duration: secondsOf(alert.for),
      labels: labelsOf(alert),
      annotations: annotationsOf(alert, runbooks),
    })),
  })),
});

/** Unit tests of one group, which `promtool test rules` runs against the named rule file. What always fires has nothing to prove. */
export const testFile = (group: AlertGroup, runbooks: string, rules: string): string =>
  yaml({
    rule_files: [rules],
    evaluation_interval: group.alerts[0]?.proof.step ?? "1m",
    tests: group.alerts
      .filter(({ proof }) => proof.courses.length > 0)
      .map((alert) =>
        promtoolTest(alert, filled(annotationsOf(alert, runbooks), alert), {
          ...labelsOf(alert),
          ...alert.proof.labels,
        }),
      ),
  });

export const labelsOf = ({ severity, team }: Alert): Readonly<Record<string, string>> => ({ severity, team });

export const annotationsOf = (alert: Alert, runbooks: string): Readonly<Record<string, string>> => ({
  summary: alert.summary,
  description: alert.description,
  runbook_url: `${runbooks}${runbookOf(alert)}`,
  dashboard: `/d/${alert.panel.board}?viewPanel=${alert.panel.id}`,
});

/** The annotations as they must read once the alert's labels are in them. */
const filled = (
  annotations: Readonly<Record<string, string>>,
  { proof: { labels } }: Alert,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(annotations).map(([name, text]) => [
      name,
      text.replace(/\{\{ \.Labels\.(\w+) \}\}/g, (_, label: string) => labels[label] ?? ""),
    ]),
  );

/** Folded lines would put line ends into expressions. */
const yaml = (value: object): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });

const HEAD = "# Generated from dashboards/src/alerts by `npm run generate -w dashboards`; edit there.\n";
