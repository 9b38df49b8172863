import type { Board, Row } from "../board.ts";
import { lines, type Panel, redAbove, redBelow, redFrom, stat, states, table } from "../panel.ts";
import { INSTANCE, JOB } from "../variable.ts";

const T = 'job=~"$job",instance=~"$instance"';
const rate = (metric: string): string => `sum(rate(${metric}{${T}}[$__rate_interval]))`;
const rateBy = (label: string, metric: string): string => `sum by (${label}) (rate(${metric}{${T}}[$__rate_interval]))`;
const recent = (label: string, metric: string): string => `sum by (${label}) (increase(${metric}{${T}}[1h]))`;
const QUIET = "Empty until it has happened once: a counter with labels begins with its first event.";
const NO_CENTRAL = "Only where a central poller runs (docs/sweeping.md).";

const FLOW: Row = {
  title: "Is data flowing?",
  panels: [
    lines(
      101,
      "Read, received, stored",
      "ops",
      [
        {
          expr: `${rate("poller_samples_read_total")} + (${rate("poller_sweep_samples_read_total")} or vector(0))`,
          legend: "readings made",
        },
        { expr: rate("collector_rows_received_total"), legend: "rows received" },
        {
          expr: `${rate("collector_rows_stored_total")} + ${rate("collector_rows_duplicated_total")}`,
          legend: "rows stored or known",
        },
      ],
      "Does what is read arrive? Received and stored must coincide; events come on top of readings.",
      {
        width: 16,
        act: "If received falls below readings, look at the bus; if stored falls below received, at the store.",
        look: { min: 0 },
      },
    ),
    lines(
      102,
      "Notifications",
      "ops",
      [
        { expr: rate("listener_notifications_received_total"), legend: "received" },
        { expr: rate("listener_notifications_published_total"), legend: "published" },
        { expr: rateBy("reason", "listener_notifications_ignored_total"), legend: "ignored: {{reason}}" },
      ],
      "What does OpenStack tell?",
      { width: 8, look: { min: 0 } },
    ),
    stat(
      103,
      "Pollers that report",
      "none",
      `count(time() - poller_last_poll_timestamp_seconds{${T}} < 900)`,
      "How many agents have polled within a quarter of an hour?",
      { width: 6, height: 6, look: { thresholds: redBelow(1, 1) } },
    ),
    stat(
      104,
      "Oldest poll",
      "s",
      `max(time() - poller_last_poll_timestamp_seconds{${T}})`,
      "How long ago did the slowest agent poll?",
      {
        width: 6,
        height: 6,
        act: "Red: see the runbook of RaingaugeAgentSilent.",
        look: { thresholds: redFrom(600, 900) },
      },
    ),
    table(
      105,
      "Agents",
      "s",
      `sort_desc(time() - max by (instance) (poller_last_poll_timestamp_seconds{${T}}))`,
      "Which agent polled when?",
      {
        width: 12,
        height: 6,
        look: {
          columns: {
            instance: { name: "Agent" },
            Value: { name: "Last poll, ago", unit: "s", thresholds: redFrom(600, 900) },
          },
          sortBy: "Last poll, ago",
        },
      },
    ),
    lines(
      107,
      "How long polls take, 95th percentile",
      "s",
      [
        {
          expr: `histogram_quantile(0.95, sum by (instance, le) (rate(poller_poll_seconds_bucket{${T}}[1h])))`,
          legend: "{{instance}}",
        },
      ],
      "Is libvirt quick to answer?",
      { width: 8, look: { min: 0 } },
    ),
    lines(
      108,
      "Polls that went wrong",
      "none",
      [
        { expr: recent("reason", "poller_polls_failed_total"), legend: "failed: {{reason}}" },
        { expr: `sum(increase(poller_polls_skipped_total{${T}}[1h]))`, legend: "skipped" },
        { expr: recent("reason", "poller_domains_skipped_total"), legend: "machine skipped: {{reason}}" },
      ],
      "What failed within the hour before?",
      { width: 8, mayBeEmpty: QUIET, look: { min: 0 } },
    ),
    table(
      109,
      "Sweeps",
      "s",
      [
        { expr: `time() - max by (source) (poller_last_sweep_timestamp_seconds{${T}})` },
        { expr: recent("source", "poller_sweep_resources_lost_total") },
      ],
      "When was each API last swept whole?",
      {
        width: 8,
        height: 8,
        mayBeEmpty: NO_CENTRAL,
        look: {
          columns: {
            source: { name: "API" },
            "Value #A": { name: "Ago", unit: "s", thresholds: redFrom(7200, 10_800) },
            "Value #B": { name: "Gone, 1 h", unit: "none", decimals: 0 },
          },
        },
      },
    ),
    states(
      110,
      "Brokers",
      "none",
      [{ expr: `min by (region) (listener_brokers_connected{${T}})`, legend: "{{region}}" }],
      "When was a region's broker heard?",
      {
        width: 12,
        height: 5,
        look: { words: { "0": { text: "not heard", color: "red" }, "1": { text: "heard", color: "green" } } },
      },
    ),
    states(
      111,
      "Targets",
      "none",
      [{ expr: `min by (job) (up{${T}})`, legend: "{{job}}" }],
      "When could a process not be scraped?",
      {
        width: 12,
        height: 5,
        look: { words: { "0": { text: "down", color: "red" }, "1": { text: "up", color: "green" } } },
      },
    ),
  ],
};

const BUS: Row = {
  title: "The bus",
  panels: [
    lines(
      201,
      "Waiting on the bus",
      "short",
      [{ expr: `max(collector_backlog_messages{${T}})`, legend: "messages" }],
      "How far is the collector behind?",
      { width: 6, look: { min: 0 } },
    ),
    lines(
      202,
      "Spools",
      "bytes",
      [{ expr: `sum by (instance) (poller_spool_bytes{${T}})`, legend: "{{instance}}" }],
      "Who cannot reach the bus and keeps on disk?",
      { width: 6, look: { min: 0 } },
    ),
    stat(
      203,
      "Packets given up in a day",
      "none",
      `sum(increase(poller_packets_refused_total{${T}}[1d])) + (sum(increase(poller_sweep_packets_refused_total{${T}}[1d])) or vector(0))`,
      "Was anything lost for want of room? It must be 0.",
      {
        width: 6,
        height: 8,
        act: "Red: readings are lost; see the runbook of RaingaugePacketsGivenUp.",
        look: { thresholds: redAbove(0.5), decimals: 0 },
      },
    ),
    lines(
      204,
      "Fates of messages",
      "ops",
      [
        { expr: rate("collector_messages_settled_total"), legend: "settled" },
        { expr: rate("collector_messages_retried_total"), legend: "given back" },
        { expr: rate("collector_messages_rejected_total"), legend: "rejected" },
      ],
      "What becomes of messages?",
      { width: 6, look: { min: 0 } },
    ),
  ],
};

const TIMING: Row = {
  title: "How late, by whose clock?",
  panels: [
    lines(
      501,
      "From the event to the store, 95th percentile",
      "s",
      [
        {
          expr: `histogram_quantile(0.95, sum by (region, service, le) (rate(collector_end_to_end_seconds_bucket{${T}}[1h])))`,
          legend: "{{region}} {{service}}",
        },
      ],
      "How old is what is told, once its rows are committed?",
      {
        width: 8,
        height: 8,
        act: "Above 15 minutes: see the runbook of RaingaugeEndToEndLag.",
        mayBeEmpty: "A service that tells nothing has no line.",
        look: { min: 0 },
      },
    ),
    table(
      502,
      "Last stored",
      "s",
      `sort_desc(time() - max by (region, service) (collector_last_stored_timestamp_seconds{${T}}))`,
      "When did anything of a region's service last reach the store?",
      {
        width: 8,
        height: 8,
        act: "What notifies seldom is old; what is polled is not. Compare with yesterday.",
        mayBeEmpty: "Since the collector began.",
        look: {
          columns: {
            region: { name: "Region" },
            service: { name: "Service" },
            Value: { name: "Ago", unit: "s" },
          },
          sortBy: "Ago",
        },
      },
    ),
    table(
      503,
      "Clocks of agents",
      "s",
      `sort_desc(max by (region, source, agent) (collector_agent_clock_offset_seconds{${T}}))`,
      "By how much is an agent's clock behind that of the bus? Below zero it is ahead; the way between them is in it.",
      {
        width: 8,
        height: 8,
        act: "More than 10 s either way: see the runbook of RaingaugeClockOffset.",
        mayBeEmpty: "Until an agent has told its coverage since the collector began.",
        look: {
          columns: {
            region: { name: "Region" },
            source: { name: "Source" },
            agent: { name: "Agent" },
            Value: { name: "Behind", unit: "s", decimals: 3, thresholds: redFrom(2, 10) },
          },
          sortBy: "Behind",
        },
      },
    ),
    lines(
      504,
      "Told before it was",
      "none",
      [
        {
          expr: `sum by (region, service) (increase(collector_messages_predated_total{${T}}[1h]))`,
          legend: "{{region}} {{service}}",
        },
      ],
      "Which messages told of an instant that had not come yet, within the hour before?",
      { width: 24, height: 6, mayBeEmpty: QUIET, look: { min: 0 } },
    ),
  ],
};

const QUALITY: Row = {
  title: "What is wrong with it?",
  panels: [
    lines(
      301,
      "Rejected by reason",
      "none",
      [{ expr: recent("reason", "collector_messages_rejected_total"), legend: "{{reason}}" }],
      "Which messages could no store take, within the hour before?",
      { width: 8, act: "`raingauge rejected list` shows them.", mayBeEmpty: QUIET, look: { min: 0 } },
    ),
    lines(
      302,
      "Set aside",
      "none",
      [
        { expr: `max(listener_set_aside_messages{${T}})`, legend: "waiting" },
        { expr: recent("problem", "listener_notifications_refused_total"), legend: "{{problem}}" },
      ],
      "Which notifications could not be taken?",
      { width: 8, act: "`raingauge set-aside list` shows them.", mayBeEmpty: QUIET, look: { min: 0 } },
    ),
    lines(
      303,
      "Duplicates",
      "percentunit",
      [
        {
          expr: `${rate("collector_rows_duplicated_total")} / ${rate("collector_rows_received_total")}`,
          legend: "of what arrives",
        },
      ],
      "How much arrives more than once?",
      { width: 8, mayBeEmpty: "Empty while nothing arrives.", look: { min: 0, max: 1 } },
    ),
    lines(
      304,
      "Parts that made no sense",
      "none",
      [
        { expr: `sum(increase(poller_fields_refused_total{${T}}[1h]))`, legend: "libvirt's fields" },
        { expr: recent("source", "poller_sweep_items_refused_total"), legend: "{{source}}" },
      ],
      "What did we leave out of what was answered?",
      { width: 12, look: { min: 0 } },
    ),
    table(
      305,
      "What came in and did not go out",
      "none",
      [
        {
          expr: `sum(collector_messages_received_total{${T}}) - sum(collector_messages_settled_total{${T}}) - sum(collector_messages_retried_total{${T}}) - (sum(collector_messages_rejected_total{${T}}) or vector(0))`,
        },
        {
          expr: `sum(listener_notifications_received_total{${T}}) - sum(listener_notifications_published_total{${T}}) - (sum(listener_notifications_ignored_total{${T}}) or vector(0)) - (sum(listener_notifications_refused_total{${T}}) or vector(0))`,
        },
      ],
      "Does every stage account for what it received? Only what is in hand may be missing.",
      {
        width: 12,
        height: 8,
        look: {
          columns: { "Value #A": { name: "Collector, messages" }, "Value #B": { name: "Listener, notifications" } },
        },
      },
    ),
  ],
};

const STORE: Row = {
  title: "The store",
  panels: [
    lines(
      401,
      "Rows that the store would not take",
      "ops",
      [{ expr: rate("collector_rows_refused_total"), legend: "refused" }],
      "Was the store away?",
      { look: { min: 0 } },
    ),
    lines(
      402,
      "Roll-ups within the hour before",
      "none",
      [
        { expr: `sum(increase(collector_roll_ups_finished_total{${T}}[1h]))`, legend: "finished" },
        { expr: `sum(increase(collector_roll_ups_failed_total{${T}}[1h]))`, legend: "failed" },
        { expr: `sum(increase(collector_hours_recomputed_total{${T}}[1h]))`, legend: "hours of series recomputed" },
      ],
      "Are hours rolled up, and how much late data is there?",
      { look: { min: 0 } },
    ),
  ],
};

const process = (id: number, title: string, unit: string, expr: string, answers: string): Panel =>
  lines(id, title, unit, [{ expr, legend: "{{instance}}" }], answers, {
    width: 8,
    height: 7,
    look: { min: 0 },
  });

const PROCESSES: Row = {
  title: "The processes",
  panels: [
    process(
      701,
      "Event loop lag, 99th percentile",
      "s",
      `nodejs_eventloop_lag_p99_seconds{${T}}`,
      "Does a process answer late?",
    ),
    process(702, "Memory", "bytes", `process_resident_memory_bytes{${T}}`, "How much memory does each take?"),
    process(
      706,
      "CPU",
      "percentunit",
      `rate(process_cpu_seconds_total{${T}}[$__rate_interval])`,
      "How many processors does each keep busy?",
    ),
    process(703, "Running for", "s", `time() - process_start_time_seconds{${T}}`, "Was a process restarted?"),
    process(704, "Open files", "none", `process_open_fds{${T}}`, "Does a process leak files or connections?"),
    table(
      705,
      "Versions",
      "none",
      `count by (version) (nodejs_version_info{${T}})`,
      "Do all run on the same Node.js?",
      { width: 8, height: 7, look: { columns: { version: { name: "Node.js" }, Value: { name: "Processes" } } } },
    ),
  ],
};

export const PIPELINE_BOARD: Board = {
  uid: "raingauge-pipeline",
  title: "Raingauge / Pipeline health",
  audience: "ops",
  source: "scraped",
  answers: "Does everything that OpenStack says and libvirt counts reach the store? For whoever runs Raingauge.",
  from: "now-6h",
  refresh: "1m",
  timezone: "browser",
  variables: [JOB, INSTANCE],
  rows: [FLOW, TIMING, BUS, QUALITY, STORE, PROCESSES],
};
