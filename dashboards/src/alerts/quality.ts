import type { Alert, AlertGroup } from "../alert.ts";
import { always, type Course, counting, steady } from "../proof.ts";
import { OURS, TARGET, TARGET_LABELS } from "./jobs.ts";

const BOARD = "raingauge-pipeline";
const COLLECTOR = 'job="raingauge-collector"';
const LISTENER = 'job="raingauge-listener"';
/** More than the collector ever holds in its hands at once. */
const IN_HAND_MESSAGES = 20_000;
/** Four fifths of the listener's default of 256 MiB. */
const ASIDE_BYTES = 0.8 * 256 * 1024 * 1024;

export const QUALITY: AlertGroup = {
  name: "raingauge-quality",
  source: "scraped",
  interval: "1m",
  alerts: [
    {
      name: "RaingaugeMessagesRejected",
      expr: `sum by (reason) (increase(collector_messages_rejected_total{${OURS}}[15m])) > 0`,
      for: "0m",
      severity: "warning",
      team: "operations",
      summary: "Messages were rejected: {{ .Labels.reason }}",
      description: "They are kept, with the reason, in a stream of their own, until somebody replays them.",
      panel: { board: BOARD, id: 301 },
      runbook: {
        look: [{ for: "which ones, and what is wrong with them", command: "raingauge rejected list" }],
        act: [
          "`unknown_version`: a newer agent writes to an older collector; upgrade the collector.",
          "After the fix: `raingauge rejected replay SEQUENCE`.",
        ],
        costs: "The operator, until they are replayed; a replay after the month's close becomes a correction.",
      },
      proof: {
        courses: [
          {
            series: `collector_messages_rejected_total{${COLLECTOR},reason="malformed"}`,
            below: counting(0),
            above: counting(1),
          },
        ],
        labels: { reason: "malformed" },
      },
    },
    {
      name: "RaingaugeRejectionStorm",
      expr: `sum(increase(collector_messages_rejected_total{${OURS}}[15m])) > 100`,
      for: "0m",
      severity: "critical",
      team: "operations",
      summary: "More than a hundred messages were rejected within a quarter of an hour",
      description:
        "Something systematic: an agent of another version, a broken link, somebody else on our subjects. When the stream of rejects is full, messages are retried instead and the bus fills.",
      panel: { board: BOARD, id: 301 },
      runbook: {
        look: [
          { for: "the reasons", query: `sum by (reason) (increase(collector_messages_rejected_total{${OURS}}[15m]))` },
          { for: "the messages", command: "raingauge rejected list" },
        ],
        act: ["Stop the agent that writes them.", "Replay what was rejected once the collector understands it."],
        costs: "The operator, until they are replayed.",
      },
      proof: {
        courses: [
          {
            series: `collector_messages_rejected_total{${COLLECTOR},reason="malformed"}`,
            below: counting(6),
            above: counting(8),
          },
        ],
        labels: {},
      },
    },
    {
      name: "RaingaugeNotificationsRefused",
      expr: `sum by (problem) (increase(listener_notifications_refused_total{${OURS}}[15m])) > 0`,
      for: "0m",
      severity: "warning",
      team: "operations",
      summary: "Notifications could not be taken: {{ .Labels.problem }}",
      description: "They are set aside on the listener's machine, bytes and all.",
      panel: { board: BOARD, id: 302 },
      runbook: {
        look: [{ for: "what was set aside, and why", command: "raingauge set-aside list" }],
        act: [
          "After a fix: `raingauge set-aside replay DIGEST`.",
          "What is not a notification at all can stay there; it expires nowhere, and costs disk.",
        ],
        costs: "The operator, if it told of a start; the tenant, if it told of an end that no sweep finds.",
      },
      proof: {
        courses: [
          {
            series: `listener_notifications_refused_total{${LISTENER},problem="malformed"}`,
            below: counting(0),
            above: counting(1),
          },
        ],
        labels: { problem: "malformed" },
      },
    },
    {
      name: "RaingaugeSetAsideForgotten",
      expr: `max(listener_set_aside_messages{${OURS}}) > 0`,
      for: "1d",
      severity: "info",
      team: "operations",
      summary: "Messages have been set aside for more than a day",
      description: "Nobody has replayed them or dealt with them. Before the month is closed somebody should.",
      panel: { board: BOARD, id: 302 },
      runbook: {
        look: [{ for: "what they are", command: "raingauge set-aside list" }],
        act: [
          "Replay each with `raingauge set-aside replay DIGEST`; what is of no use can be deleted from the listener's folder.",
        ],
        costs: "As with notifications that were refused.",
      },
      proof: {
        phase: "2d",
        step: "5m",
        courses: [{ series: `listener_set_aside_messages{${LISTENER}}`, below: steady(0), above: steady(1) }],
        labels: {},
      },
    },
    {
      name: "RaingaugeSetAsideNearFull",
      expr: `max(listener_set_aside_bytes{${OURS}}) > ${ASIDE_BYTES}`,
      for: "5m",
      severity: "critical",
      team: "operations",
      summary: "The room for what is set aside is four fifths full",
      description:
        "When it is full, the listener takes no more of the kind and RabbitMQ keeps it. The threshold is for the default of 256 MiB.",
      panel: { board: BOARD, id: 302 },
      runbook: {
        look: [{ for: "what fills it", command: "raingauge set-aside list" }],
        act: ["Deal with what is there, or raise RAINGAUGE_LISTENER_SET_ASIDE_BYTES."],
        costs: "Nobody, while RabbitMQ has room.",
      },
      proof: {
        courses: [
          {
            series: `listener_set_aside_bytes{${LISTENER}}`,
            below: steady(ASIDE_BYTES - 1000),
            above: steady(ASIDE_BYTES + 1000),
          },
        ],
        labels: {},
      },
    },
    {
      name: "RaingaugeDuplicatesHigh",
      expr: `sum(increase(collector_rows_duplicated_total{${OURS}}[30m])) / sum(increase(collector_rows_received_total{${OURS}}[30m])) > 0.2`,
      for: "15m",
      severity: "warning",
      team: "operations",
      summary: "More than a fifth of what arrives was there already",
      description: "No bill changes by it. Two agents read the same host, or something is replayed over and over.",
      panel: { board: BOARD, id: 303 },
      runbook: {
        look: [
          {
            for: "whether messages come again from the bus",
            query: `sum(rate(collector_messages_retried_total{${OURS}}[15m]))`,
          },
          { for: "pollers by host", query: `count by (instance) (poller_last_poll_timestamp_seconds{${OURS}})` },
        ],
        act: ["Stop the second agent.", "During a replay: wait."],
        costs: "Nobody: each reading counts once.",
      },
      proof: {
        courses: [
          { series: `collector_rows_duplicated_total{${COLLECTOR}}`, below: counting(19), above: counting(21) },
          always(`collector_rows_received_total{${COLLECTOR}}`, counting(100)),
        ],
        labels: {},
      },
    },
    counted(
      "RaingaugeFieldsRefused",
      "poller_fields_refused_total",
      "libvirt on {{ .Labels.instance }} says what makes no sense",
      "Lines or fields of its answer were left out: a new libvirt, or a broken one.",
    ),
    {
      name: "RaingaugeSweepItemsRefused",
      expr: `sum by (source) (increase(poller_sweep_items_refused_total{${OURS}}[1h])) > 0`,
      for: "0m",
      severity: "warning",
      team: "operations",
      summary: "Resources that {{ .Labels.source }} listed make no sense",
      description: "They are not metered by sweeps; notifications may still tell of them.",
      panel: { board: BOARD, id: 304 },
      runbook: {
        look: [
          {
            for: "how many of how many",
            query: `sum by (source) (increase(poller_sweep_items_refused_total{${OURS}}[1h])) / sum by (source) (increase(poller_sweep_items_read_total{${OURS}}[1h]))`,
          },
        ],
        act: ["The poller's log names the resource and the field. Report it with the API's answer."],
        costs: "The operator, where no notification tells of the resource.",
      },
      proof: {
        courses: [
          {
            series: `poller_sweep_items_refused_total{${TARGET},source="cinder"}`,
            below: counting(0),
            above: counting(1),
          },
        ],
        labels: { source: "cinder" },
      },
    },
    conservation(
      "RaingaugeCollectorUnbalanced",
      "abs(sum(collector_messages_received_total{JOB}) - sum(collector_messages_settled_total{JOB}) - sum(collector_messages_retried_total{JOB}) - (sum(collector_messages_rejected_total{JOB}) or vector(0)))",
      IN_HAND_MESSAGES,
      "The collector received messages that met no fate",
      305,
      [
        {
          series: `collector_messages_received_total{${COLLECTOR}}`,
          below: steady(1_000_000),
          above: steady(1_030_000),
        },
        always(`collector_messages_settled_total{${COLLECTOR}}`, steady(980_000)),
        always(`collector_messages_retried_total{${COLLECTOR}}`, steady(1000)),
      ],
    ),
    conservation(
      "RaingaugeListenerUnbalanced",
      "abs(sum(listener_notifications_received_total{JOB}) - sum(listener_notifications_published_total{JOB}) - (sum(listener_notifications_ignored_total{JOB}) or vector(0)) - (sum(listener_notifications_refused_total{JOB}) or vector(0)))",
      0,
      "The listener received notifications that met no fate",
      305,
      [
        { series: `listener_notifications_received_total{${LISTENER}}`, below: steady(1000), above: steady(1001) },
        always(`listener_notifications_published_total{${LISTENER}}`, steady(900)),
        always(`listener_notifications_ignored_total{${LISTENER},reason="uninteresting"}`, steady(100)),
      ],
    ),
    conservation(
      "RaingaugeRowsUnbalanced",
      "abs(sum(collector_rows_received_total{JOB}) - sum(collector_rows_stored_total{JOB}) - sum(collector_rows_duplicated_total{JOB}) - sum(collector_rows_refused_total{JOB}))",
      5_000_000,
      "Rows were received that are neither stored nor duplicates nor refused",
      305,
      [
        { series: `collector_rows_received_total{${COLLECTOR}}`, below: steady(9_000_000), above: steady(11_000_000) },
        always(`collector_rows_stored_total{${COLLECTOR}}`, steady(4_000_000)),
        always(`collector_rows_duplicated_total{${COLLECTOR}}`, steady(0)),
        always(`collector_rows_refused_total{${COLLECTOR}}`, steady(0)),
      ],
    ),
  ],
};

function counted(name: Alert["name"], metric: string, summary: string, description: string): Alert {
  return {
    name,
    expr: `sum by (instance) (increase(${metric}{${OURS}}[30m])) > 0`,
    for: "10m",
    severity: "warning",
    team: "operations",
    summary,
    description,
    panel: { board: BOARD, id: 304 },
    runbook: {
      look: [{ for: "what libvirt says", command: "virsh -r -c qemu:///system domstats --raw" }],
      act: ["The poller's log names the line. Report it with libvirt's version."],
      costs: "The operator, for the meters that are missing.",
    },
    proof: {
      courses: [{ series: `${metric}{${TARGET}}`, below: counting(0), above: counting(1) }],
      labels: { instance: TARGET_LABELS.instance },
    },
  };
}

/** What comes in must come out: as done, as given back, or as set aside. */
function conservation(
  name: Alert["name"],
  difference: string,
  tolerance: number,
  summary: string,
  id: number,
  courses: readonly Course[],
): Alert {
  return {
    name,
    expr: `${difference.replaceAll("{JOB}", `{${OURS}}`)} > ${tolerance}`,
    for: "30m",
    severity: "critical",
    team: "operations",
    summary,
    description:
      "received = done + given back + set aside does not add up by more than can be under way. This is a defect of ours, or a process that was restarted while others were not scraped.",
    panel: { board: BOARD, id },
    runbook: {
      look: [{ for: "the difference", query: difference.replaceAll("{JOB}", `{${OURS}}`) }],
      act: [
        "Restart the process: what it had not acknowledged is delivered again.",
        "Report it, with the values of all its counters (`/metrics`).",
      ],
      costs: "Nobody while the bus still has the messages; that is why restarting comes first.",
    },
    proof: { courses, labels: {} },
  };
}
