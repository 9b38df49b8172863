import type { AlertGroup } from "../alert.ts";
import { always, counting, steady } from "../proof.ts";
import { OURS } from "./jobs.ts";

const BOARD = "raingauge-pipeline";
const COLLECTOR = 'job="raingauge-collector",instance="collector:9271"';
const FROM = 'region="RegionOne",service="libvirt"';
const AGENT = 'region="RegionOne",source="libvirt"';

/** Three polls of five minutes: what comes later than that is no longer the way that readings usually take. */
const LAG_SECONDS = 900;
/** Notifications of one change are paired within two seconds; NTP keeps clocks far closer. The way between is in it. */
const OFFSET_SECONDS = 10;

const BUCKET = `collector_end_to_end_seconds_bucket{${OURS}}`;
const bucket = (le: string): string => `collector_end_to_end_seconds_bucket{${COLLECTOR},${FROM},le="${le}"}`;
const offset = (agent: string): string =>
  `collector_agent_clock_offset_seconds{${COLLECTOR},${AGENT},agent="${agent}"}`;

export const TIMING: AlertGroup = {
  name: "raingauge-timing",
  source: "scraped",
  interval: "1m",
  alerts: [
    {
      name: "RaingaugeEndToEndLag",
      expr: `histogram_quantile(0.95, sum by (region, service, le) (rate(${BUCKET}[15m]))) > ${LAG_SECONDS}`,
      for: "15m",
      severity: "warning",
      team: "operations",
      summary: "What {{ .Labels.service }} in {{ .Labels.region }} tells is stored more than 15 minutes late",
      description:
        "One message in twenty or more tells of something that is a quarter of an hour old when its rows are committed. Nothing is lost; costs and alerts that look at the last hour miss it until then.",
      panel: { board: BOARD, id: 501 },
      runbook: {
        look: [
          { for: "whether it waits on the bus", query: `max(collector_backlog_messages{${OURS}})` },
          { for: "whether it waits at the agents", query: `sum by (instance) (poller_spool_bytes{${OURS}})` },
          {
            for: "whether the store is slow",
            query: `histogram_quantile(0.95, sum by (le) (rate(collector_commit_seconds_bucket{${OURS}}[15m])))`,
          },
          {
            for: "whether it only looks so, because a sender's clock is behind",
            query: `max by (region, source, agent) (collector_agent_clock_offset_seconds{${OURS}})`,
          },
          { for: "how far RabbitMQ is behind", command: "rabbitmqctl list_queues name messages" },
        ],
        act: [
          "After an outage wait: spools and queues are emptied, oldest first, and the alert ends when they are.",
          "If the backlog grows, more collectors share it where the store lets several write (docs/operating.md).",
          "If only one service is late, its notifications are: look at its own queue and the listener of its region.",
        ],
        costs:
          "Nobody, unless a month is closed meanwhile: what is stored after that becomes a correction on a document of its own.",
      },
      proof: {
        // 19 of 20 are within the bucket whose edge is the threshold; then 18 of 20.
        courses: [
          { series: bucket("900"), below: counting(19), above: counting(18) },
          always(bucket("3600"), counting(20)),
          always(bucket("+Inf"), counting(20)),
        ],
        labels: { region: "RegionOne", service: "libvirt" },
      },
    },
    {
      name: "RaingaugeClockOffset",
      expr: `max by (region, source, agent) (abs(collector_agent_clock_offset_seconds{${OURS}})) > ${OFFSET_SECONDS}`,
      for: "15m",
      severity: "warning",
      team: "operations",
      summary:
        "The clock of {{ .Labels.agent }} ({{ .Labels.source }}, {{ .Labels.region }}) is off by more than 10 seconds",
      description:
        "Readings are billed at the instant that their agent told. A clock that is off moves them, and near midnight of a month's end into another month.",
      panel: { board: BOARD, id: 503 },
      runbook: {
        look: [
          {
            for: "by how much, and which way: above zero the agent's clock is behind the bus's",
            query: `max by (region, source, agent) (collector_agent_clock_offset_seconds{${OURS}})`,
          },
          { for: "whether all agents are off alike: then it is the bus's clock", command: "chronyc tracking" },
          {
            for: "whether it told of instants that had not come yet",
            query: `sum by (region, service) (increase(collector_messages_predated_total{${OURS}}[1h]))`,
          },
          {
            for: "whether it only empties its spool, which counts as the way between",
            query: `sum by (instance) (poller_spool_messages{${OURS}})`,
          },
        ],
        act: [
          "Mend the host's time service (chrony, systemd-timesyncd). The agent needs no restart.",
          "What was told with the wrong clock stays where it was told; `raingauge why` of a line shows its readings, with their instants and agents.",
        ],
        costs:
          "Whoever uses something that begins or ends meanwhile: by the offset, at most once for each; neither side is favoured by rule.",
      },
      proof: {
        courses: [
          { series: offset("compute-1"), below: steady(OFFSET_SECONDS - 0.1), above: steady(-OFFSET_SECONDS - 0.1) },
          always(offset("compute-2"), steady(-OFFSET_SECONDS + 0.1)),
        ],
        labels: { region: "RegionOne", source: "libvirt", agent: "compute-1" },
      },
    },
    {
      name: "RaingaugeReadingsPredated",
      expr: `sum by (region, service) (increase(collector_messages_predated_total{${OURS}}[1h])) > 0`,
      for: "5m",
      severity: "warning",
      team: "operations",
      summary: "{{ .Labels.service }} in {{ .Labels.region }} tells of instants that have not come yet",
      description:
        "A clock is ahead: that of an agent, of an OpenStack service or of whoever sends readings from outside; or the collector's own is behind. A reading of the future is kept, and counts from its instant on.",
      panel: { board: BOARD, id: 504 },
      runbook: {
        look: [
          {
            for: "which agents' clocks are ahead: below zero",
            query: `min by (region, source, agent) (collector_agent_clock_offset_seconds{${OURS}})`,
          },
          { for: "the collector's own clock", command: "chronyc tracking" },
        ],
        act: [
          "Mend the time service of the host whose clock is ahead; that of the collector, if all services show it.",
          "Where no agent of ours is off, it is the host of the OpenStack service that notified.",
        ],
        costs: "Whoever uses what began or ended then: by as much as the clock is ahead.",
      },
      proof: {
        courses: [
          {
            series: `collector_messages_predated_total{${COLLECTOR},${FROM}}`,
            below: counting(0),
            above: counting(1),
          },
        ],
        labels: { region: "RegionOne", service: "libvirt" },
      },
    },
  ],
};
