import { type Alert, type AlertGroup, type Look, runbookOf } from "./alert.ts";
import type { Board } from "./board.ts";
import { panelsOf } from "./board.ts";

/** A page for whoever was woken: what it means, what to look at, what to do, and whom it costs money. */
export function runbookPage(alert: Alert, group: AlertGroup, boards: readonly Board[]): string {
  const board = boards.find(({ uid }) => uid === alert.panel.board);
  const panel = board === undefined ? undefined : panelsOf(board).find(({ id }) => id === alert.panel.id);
  return `${[
    `# ${alert.name}`,
    `${plainly(alert.summary)}.`,
    `${plainly(alert.description)}`,
    "## When it fires",
    code("promql", alert.expr),
    `${waits(alert)} It is **${alert.severity}**, for **${alert.team}**. ${ASKED[group.source]} On the board: *${board?.title}*, panel *${panel?.title}*.`,
    "## What to look at",
    ...alert.runbook.look.map(lookAt),
    "## What to do",
    alert.runbook.act.map((step) => `- ${step}`).join("\n"),
    "## Whom it costs money",
    alert.runbook.costs,
  ].join("\n\n")}\n`;
}

/** The list of all pages. */
export const runbookIndex = (groups: readonly AlertGroup[]): string =>
  `# Runbooks\n\nOne page for each alert in [dashboards/alerts/raingauge.rules.yml](../../dashboards/alerts/raingauge.rules.yml). The pages are written from the same\ndata as the rules (\`dashboards/src/alerts\`; \`npm run generate -w dashboards\`), so that a page cannot name an expression that the rule no\nlonger has. HOST, COLLECTOR and the like stand for your own addresses.\n\n${groups.map(section).join("\n\n")}\n`;

const section = ({ name, source, alerts }: AlertGroup): string =>
  `## ${name}\n${ASKED[source]}\n\n| alert | severity | for | means |\n|---|---|---|---|\n${alerts
    .map(
      (alert) =>
        `| [${alert.name}](${runbookOf(alert)}) | ${alert.severity} | ${alert.team} | ${plainly(alert.summary)} |`,
    )
    .join("\n")}`;

const ASKED = {
  scraped: "Its series are those that your own Prometheus scrapes from our processes.",
  served: "Its series are those of our query API, `/prometheus`.",
} as const;

const waits = (alert: Alert): string =>
  alert.for === "0m" ? "It fires at once." : `It must be true for ${alert.for} before it fires.`;

const lookAt = ({ for: asks, query, command }: Look): string =>
  `To see ${asks}:\n\n${query === undefined ? code("sh", command ?? "") : code("promql", query)}`;

const code = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;

/** Without the templates: *the poller on INSTANCE*. */
const plainly = (text: string): string =>
  text.replace(/\{\{ \.Labels\.(\w+) \}\}/g, (_, label: string) => label.toUpperCase());
