import { stringify } from "yaml";
import { type Alert, type AlertGroup, runbookOf, type Source } from "./alert.ts";
import type { Board } from "./board.ts";
import { annotationsOf, labelsOf } from "./rules.ts";

/** The uids under which the provisioned data sources are known; rules refer to them. */
const DATASOURCE_UIDS: Readonly<Record<Source, string>> = { served: "raingauge", scraped: "prometheus" };

/**
 * Grafana's file format. Each rule is three steps: the whole Prometheus expression, whether it gave anything, and that as a
 * threshold. No answer is good news, except from a heartbeat.
 */
export const alertingFile = (groups: readonly AlertGroup[], runbooks: string): string =>
  `${HEAD}${yaml({
    apiVersion: 1,
    groups: groups.map((group) => ({
      orgId: 1,
      name: group.name,
      folder: "Raingauge",
      interval: group.interval,
      rules: group.alerts.map((alert) => grafanaRule(alert, group.source, runbooks)),
    })),
  })}`;

const grafanaRule = (alert: Alert, source: Source, runbooks: string) => ({
  uid: runbookOf(alert).replace(/\.md$/, "").replace(/^/, "raingauge-"),
  title: alert.name,
  condition: "C",
  for: alert.for,
  noDataState: alert.isHeartbeat === true ? "Alerting" : "OK",
  execErrState: "Error",
  dashboardUid: alert.panel.board,
  panelId: alert.panel.id,
  labels: labelsOf(alert),
  annotations: annotationsOf(alert, runbooks),
  data: [
    {
      refId: "A",
      relativeTimeRange: { from: 600, to: 0 },
      datasourceUid: DATASOURCE_UIDS[source],
      model: { refId: "A", expr: alert.expr, instant: true, range: false, intervalMs: 60_000, maxDataPoints: 43_200 },
    },
    expression("B", { type: "math", expression: "is_number($A) || is_nan($A) || is_inf($A)" }),
    expression("C", {
      type: "threshold",
      expression: "B",
      conditions: [{ evaluator: { type: "gt", params: [0] } }],
    }),
  ],
});

const expression = (refId: string, model: object) => ({
  refId,
  relativeTimeRange: { from: 0, to: 0 },
  datasourceUid: "__expr__",
  model: { refId, datasource: { type: "__expr__", uid: "__expr__" }, ...model },
});

/** Ours, and the operator's own Prometheus, which must be there already or is provisioned with it. */
export const datasourcesFile = (): string =>
  `${HEAD}${yaml({
    apiVersion: 1,
    datasources: [
      {
        name: "Raingauge",
        uid: DATASOURCE_UIDS.served,
        type: "prometheus",
        access: "proxy",
        url: "${RAINGAUGE_GRAFANA_URL}/prometheus",
        jsonData: {
          httpMethod: "POST",
          prometheusType: "Prometheus",
          prometheusVersion: "2.50.0",
          // The polling interval: a rate over less than four of them would find nothing.
          timeInterval: "300s",
          cacheLevel: "Low",
          // Late data and corrections must show.
          incrementalQuerying: false,
          disableRecordingRules: true,
          manageAlerts: true,
          httpHeaderName1: "Authorization",
        },
        secureJsonData: { httpHeaderValue1: "Bearer ${RAINGAUGE_GRAFANA_TOKEN}" },
      },
    ],
  })}`;

/** Two folders, so that finance and operations may be given different rights. */
export const providersFile = (): string =>
  `${HEAD}${yaml({
    apiVersion: 1,
    providers: [
      provider("raingauge", "Raingauge", "raingauge", "operations"),
      provider("raingauge-billing", "Raingauge billing", "raingauge-billing", "billing"),
    ],
  })}`;

const provider = (name: string, folder: string, folderUid: string, path: string) => ({
  name,
  orgId: 1,
  folder,
  folderUid,
  type: "file",
  disableDeletion: true,
  allowUiUpdates: false,
  updateIntervalSeconds: 30,
  options: { path: `/var/lib/grafana/dashboards/raingauge/${path}` },
});

/** Where a board's file lies, below `dashboards/grafana`. */
export const folderOf = ({ audience }: Board): string => (audience === "billing" ? "billing" : "operations");

const yaml = (value: object): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });

const HEAD = "# Generated from dashboards/src by `npm run generate -w dashboards`; edit there.\n";
