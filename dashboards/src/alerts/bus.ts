import type { AlertGroup } from "../alert.ts";
import { always, counting, steady } from "../proof.ts";
import { OURS, TARGET, TARGET_LABELS } from "./jobs.ts";

const BACKLOG_MESSAGES = 10_000;
/** Four fifths of the smallest default spool. */
const SPOOL_BYTES = 0.8 * 256 * 1024 * 1024;
const BOARD = "raingauge-pipeline";
const NOBODY =
  "Nobody yet: what waits is stored later, at its own instants. Once bus and spools are full the operator loses revenue.";

const BACKLOG = 'collector_backlog_messages{job="raingauge-collector"}';

export const BUS: AlertGroup = {
  name: "raingauge-bus",
  source: "scraped",
  interval: "1m",
  alerts: [
    {
      name: "RaingaugeBacklogHigh",
      expr: `max(collector_backlog_messages{${OURS}}) > ${BACKLOG_MESSAGES}`,
      for: "15m",
      severity: "warning",
      team: "operations",
      summary: "More than ten thousand messages wait on the bus",
      description: "The collector is slower than what comes, or was away. Costs and boards lag behind by what waits.",
      panel: { board: BOARD, id: 201 },
      runbook: {
        look: [
          { for: "whether it shrinks", query: `deriv(collector_backlog_messages{${OURS}}[30m])` },
          { for: "how fast rows are stored", query: `sum(rate(collector_rows_stored_total{${OURS}}[5m]))` },
        ],
        act: [
          "If it shrinks, wait.",
          "If not, look at the store's disk and at the collector's CPU; on another store more collectors may share the work.",
        ],
        costs: NOBODY,
      },
      proof: {
        courses: [{ series: BACKLOG, below: steady(BACKLOG_MESSAGES), above: steady(BACKLOG_MESSAGES + 1) }],
        labels: {},
      },
    },
    {
      name: "RaingaugeBacklogGrowing",
      expr: `deriv(collector_backlog_messages{${OURS}}[30m]) > 0 and collector_backlog_messages{${OURS}} > 1000`,
      for: "30m",
      severity: "critical",
      team: "operations",
      summary: "What waits on the bus has been growing for an hour",
      description: "At this rate the stream reaches its byte limit; then it refuses, and agents spool to disk.",
      panel: { board: BOARD, id: 201 },
      runbook: {
        look: [
          { for: "the growth in messages per second", query: `deriv(collector_backlog_messages{${OURS}}[30m])` },
          { for: "what the stream may hold", command: "nats stream info RAINGAUGE" },
        ],
        act: [
          "Mend whatever slows the collector: the store's disk first.",
          "Raise the stream's byte limit while you do.",
        ],
        costs: NOBODY,
      },
      proof: {
        courses: [{ series: BACKLOG, below: steady(2000), above: { kind: "gauge", value: 2000, slope: 5 } }],
        labels: { job: "raingauge-collector" },
      },
    },
    {
      name: "RaingaugeSpooling",
      expr: `poller_spool_messages{${OURS}} > 0`,
      for: "15m",
      severity: "warning",
      team: "operations",
      summary: "The poller on {{ .Labels.instance }} cannot reach the bus and spools",
      description: "Readings wait on its disk and follow at their original instants.",
      panel: { board: BOARD, id: 202 },
      runbook: {
        look: [
          {
            for: "who else spools: one host is its network, all are the bus",
            query: `poller_spool_messages{${OURS}} > 0`,
          },
          { for: "whether the bus answers", command: "nats server check connection" },
        ],
        act: ["Mend the network or the bus; spools empty themselves."],
        costs: NOBODY,
      },
      proof: {
        courses: [{ series: `poller_spool_messages{${TARGET}}`, below: steady(0), above: steady(1) }],
        labels: TARGET_LABELS,
      },
    },
    {
      name: "RaingaugeSpoolNearFull",
      expr: `poller_spool_bytes{${OURS}} > ${SPOOL_BYTES}`,
      for: "5m",
      severity: "critical",
      team: "operations",
      summary: "The spool on {{ .Labels.instance }} is four fifths full",
      description:
        "When it is full, readings are given up: counters find their growth again, gauges past their silence limit do not. The threshold is for the default spool of 256 MiB.",
      panel: { board: BOARD, id: 202 },
      runbook: {
        look: [
          {
            for: "how long it still has, in seconds",
            query: `(268435456 - poller_spool_bytes{${OURS}}) / deriv(poller_spool_bytes{${OURS}}[30m])`,
          },
        ],
        act: [
          "Bring the bus back.",
          "If that takes longer, raise RAINGAUGE_POLLER_SPOOL_BYTES and restart the poller: the spool survives.",
        ],
        costs: "The operator, from the moment it is full.",
      },
      proof: {
        courses: [
          {
            series: `poller_spool_bytes{${TARGET}}`,
            below: steady(SPOOL_BYTES - 1000),
            above: steady(SPOOL_BYTES + 1000),
          },
        ],
        labels: TARGET_LABELS,
      },
    },
    {
      name: "RaingaugePacketsGivenUp",
      expr: `sum by (instance) (increase(poller_packets_refused_total{${OURS}}[30m])) > 0 or sum by (instance) (increase(poller_sweep_packets_refused_total{${OURS}}[30m])) > 0`,
      for: "0m",
      severity: "critical",
      team: "operations",
      summary: "Readings of {{ .Labels.instance }} were given up",
      description:
        "Neither bus nor spool took them. This is the only place where readings are lost, and it is counted.",
      panel: { board: BOARD, id: 203 },
      runbook: {
        look: [
          { for: "how many packets", query: `sum by (instance) (increase(poller_packets_refused_total{${OURS}}[1d]))` },
          { for: "whether the disk is full", command: "df -h /var/lib/raingauge" },
        ],
        act: [
          "Make room, bring back the bus.",
          "Note the interval: months that contain it are billed from what proves the time around it.",
        ],
        costs: "The operator. No tenant is billed for what was lost.",
      },
      proof: {
        courses: [{ series: `poller_packets_refused_total{${TARGET}}`, below: counting(0), above: counting(1) }],
        labels: { instance: TARGET_LABELS.instance },
      },
    },
    {
      name: "RaingaugeRedeliveryStorm",
      expr: `sum(increase(collector_messages_retried_total{${OURS}}[15m])) / sum(increase(collector_messages_received_total{${OURS}}[15m])) > 0.05`,
      for: "10m",
      severity: "warning",
      team: "operations",
      summary: "More than one message in twenty is given back to the bus",
      description: "The store is unavailable often. Redelivery changes no bill; it costs time.",
      panel: { board: BOARD, id: 204 },
      runbook: {
        look: [
          {
            for: "rows that the store would not take",
            query: `sum(increase(collector_rows_refused_total{${OURS}}[15m]))`,
          },
        ],
        act: ["Look at the store: its log, its disk, whether two writers quarrel over it."],
        costs: NOBODY,
      },
      proof: {
        courses: [
          {
            series: 'collector_messages_retried_total{job="raingauge-collector"}',
            below: counting(4),
            above: counting(6),
          },
          always('collector_messages_received_total{job="raingauge-collector"}', counting(100)),
        ],
        labels: {},
      },
    },
  ],
};
