import { runbookOf } from "./alert.ts";
import { ALERT_GROUPS } from "./alerts/groups.ts";
import { BOARDS } from "./boards/boards.ts";
import { dashboardOf } from "./dashboard.ts";
import { alertingFile, datasourcesFile, folderOf, providersFile } from "./provisioning.ts";
import { ruleFile, shippedRules } from "./rules.ts";
import { runbookIndex, runbookPage } from "./runbook.ts";

/** Where runbooks are unless told otherwise: in this repository. */
export const RUNBOOKS = "docs/runbooks/";

/** Every generated file, by its path in the repository. */
export const generated = (runbooks: string = RUNBOOKS): ReadonlyMap<string, string> =>
  new Map([
    ...BOARDS.map(
      (board) => [`dashboards/grafana/${folderOf(board)}/${board.uid}.json`, json(dashboardOf(board))] as const,
    ),
    ["dashboards/alerts/raingauge.rules.yml", ruleFile(ALERT_GROUPS, runbooks)],
    ["services/rater/src/rules/shipped.json", json(shippedRules(ALERT_GROUPS, runbooks))],
    ["dashboards/provisioning/alerting/raingauge.yaml", alertingFile(ALERT_GROUPS, runbooks)],
    ["dashboards/provisioning/datasources/raingauge.yaml", datasourcesFile()],
    ["dashboards/provisioning/dashboards/raingauge.yaml", providersFile()],
    ["docs/runbooks/README.md", runbookIndex(ALERT_GROUPS)],
    ...ALERT_GROUPS.flatMap((group) =>
      group.alerts.map((alert) => [`docs/runbooks/${runbookOf(alert)}`, runbookPage(alert, group, BOARDS)] as const),
    ),
  ]);

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
