import type { AlertGroup } from "../alert.ts";
import { counting } from "../proof.ts";
import { OURS } from "./jobs.ts";

const BOARD = "raingauge-pipeline";
const COLLECTOR = 'job="raingauge-collector"';

export const STORE: AlertGroup = {
  name: "raingauge-store",
  source: "scraped",
  interval: "1m",
  alerts: [
    {
      name: "RaingaugeStoreUnavailable",
      expr: `sum(increase(collector_rows_refused_total{${OURS}}[10m])) > 0`,
      for: "10m",
      severity: "critical",
      team: "operations",
      summary: "The store takes no rows",
      description: "The bus keeps what comes. Costs and boards stand still meanwhile.",
      panel: { board: BOARD, id: 401 },
      runbook: {
        look: [
          { for: "what waits", query: `max(collector_backlog_messages{${OURS}})` },
          { for: "why", command: "curl -s http://COLLECTOR:PORT/readyz" },
          { for: "whether the disk is full", command: "df -h /var/lib/raingauge" },
        ],
        act: ["Bring the store back; the collector tries again by itself."],
        costs: "Nobody, until the bus is full.",
      },
      proof: {
        courses: [{ series: `collector_rows_refused_total{${COLLECTOR}}`, below: counting(0), above: counting(10) }],
        labels: {},
      },
    },
    {
      name: "RaingaugeRollUpsFail",
      expr: `sum(increase(collector_roll_ups_failed_total{${OURS}}[1h])) > 0`,
      for: "30m",
      severity: "warning",
      team: "operations",
      summary: "Roll-ups fail",
      description: "Answers stay exact and become slow: hours that are not rolled up are computed from the readings.",
      panel: { board: BOARD, id: 402 },
      runbook: {
        look: [{ for: "whether any succeed", query: `sum(increase(collector_roll_ups_finished_total{${OURS}}[3h]))` }],
        act: ["Mend the store; the next roll-up does everything that is due."],
        costs: "Nobody.",
      },
      proof: {
        phase: "4h",
        courses: [{ series: `collector_roll_ups_failed_total{${COLLECTOR}}`, below: counting(0), above: counting(1) }],
        labels: {},
      },
    },
    {
      name: "RaingaugeRollUpsStalled",
      expr: `sum(increase(collector_roll_ups_finished_total{${OURS}}[3h])) == 0`,
      for: "15m",
      severity: "warning",
      team: "operations",
      summary: "No roll-up has ended within three hours",
      description: "Either none is started or one hangs. Answers stay exact and become slow.",
      panel: { board: BOARD, id: 402 },
      runbook: {
        look: [
          { for: "hours that were recomputed", query: `sum(increase(collector_hours_recomputed_total{${OURS}}[3h]))` },
          { for: "whether the collector's event loop lives", query: `max(nodejs_eventloop_lag_p99_seconds{${OURS}})` },
        ],
        act: ["Restart the collector; a roll-up that was interrupted has changed nothing."],
        costs: "Nobody.",
      },
      proof: {
        phase: "6h",
        courses: [
          { series: `collector_roll_ups_finished_total{${COLLECTOR}}`, below: counting(1), above: counting(0) },
        ],
        labels: {},
      },
    },
    {
      name: "RaingaugeRecomputingMuch",
      expr: `sum(increase(collector_hours_recomputed_total{${OURS}}[1h])) > 1000000`,
      for: "1h",
      severity: "info",
      team: "operations",
      summary: "More than a million hours of series are recomputed each hour",
      description: "Much late data: a spool that empties after an outage, or an agent whose clock is wrong.",
      panel: { board: BOARD, id: 402 },
      runbook: {
        look: [{ for: "whether spools are emptying", query: `sum(poller_spool_messages{${OURS}})` }],
        act: ["After an outage: wait.", "Otherwise compare the agents' clocks (`chronyc tracking`)."],
        costs: "Nobody; late readings of closed months become corrections.",
      },
      proof: {
        phase: "4h",
        courses: [
          {
            series: `collector_hours_recomputed_total{${COLLECTOR}}`,
            below: counting(16_000),
            above: counting(17_500),
          },
        ],
        labels: {},
      },
    },
  ],
};
