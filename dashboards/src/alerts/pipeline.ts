import type { Alert, AlertGroup } from "../alert.ts";
import { absent, behind, counting, steady } from "../proof.ts";
import { OURS, TARGET, TARGET_LABELS } from "./jobs.ts";

/** Three polls of five minutes each: one may be lost to a restart, two to a slow host. */
const SILENCE_SECONDS = 900;
const SWEEP_SILENCE_SECONDS = 3 * 3600;
const COVERAGE_SILENCE_SECONDS = 600;

const BOARD = "raingauge-pipeline";
const TENANT =
  "Nobody is billed for time that is neither seen nor proven: what is lost here is the operator's revenue.";

export const PIPELINE: AlertGroup = {
  name: "raingauge-pipeline",
  source: "scraped",
  interval: "1m",
  alerts: [
    {
      name: "RaingaugeAgentSilent",
      expr: `time() - max by (instance) (poller_last_poll_timestamp_seconds{${OURS}}) > ${SILENCE_SECONDS}`,
      for: "5m",
      severity: "critical",
      team: "operations",
      summary: "The poller on {{ .Labels.instance }} has read nothing for more than 15 minutes",
      description:
        "Machines on this host are billed from what comes before and after; counters find their growth again, but what died meanwhile ends at its last reading plus the silence limit.",
      panel: { board: BOARD, id: 105 },
      runbook: {
        look: [
          {
            for: "whether it polls and fails, or does not poll at all",
            query: `sum by (instance, reason) (increase(poller_polls_failed_total{${OURS}}[1h]))`,
          },
          { for: "what the process says of itself", command: "curl -s http://HOST:9171/readyz" },
          { for: "whether libvirt answers", command: "virsh -r -c qemu:///system domstats --raw" },
        ],
        act: [
          "If libvirt hangs, restart it; the poller goes on by itself.",
          "If the process is gone, start it: counters are found where they are, and the growth in between is kept.",
        ],
        costs: TENANT,
      },
      proof: {
        courses: [{ series: `poller_last_poll_timestamp_seconds{${TARGET}}`, below: behind(840), above: behind(960) }],
        labels: { instance: TARGET_LABELS.instance },
      },
    },
    {
      name: "RaingaugeAgentsMissing",
      expr: `count(poller_last_poll_timestamp_seconds{${OURS}}) < max_over_time(count(poller_last_poll_timestamp_seconds{${OURS}})[1d:10m])`,
      for: "15m",
      severity: "warning",
      team: "operations",
      summary: "Fewer pollers report than within the last day",
      description: "A compute node was taken away, or its poller no longer is scraped: on purpose, or not.",
      panel: { board: BOARD, id: 105 },
      runbook: {
        look: [
          {
            for: "which ones were there an hour ago and are not now",
            query: `poller_last_poll_timestamp_seconds{${OURS}} offset 1h unless on (instance) poller_last_poll_timestamp_seconds{${OURS}}`,
          },
        ],
        act: [
          "If the host was retired, wait: the alert ends after a day.",
          "Otherwise treat it as an agent that is silent.",
        ],
        costs: TENANT,
      },
      proof: {
        courses: [
          { series: `poller_last_poll_timestamp_seconds{${TARGET}}`, below: behind(60), above: behind(60) },
          {
            series: 'poller_last_poll_timestamp_seconds{job="raingauge-poller",instance="compute-2:9171"}',
            below: behind(60),
            above: absent,
          },
        ],
        labels: {},
      },
    },
    gone(
      "RaingaugeCollectorAbsent",
      "collector_messages_received_total",
      "collector",
      "Nothing is stored meanwhile. The bus keeps everything until it is full; then agents spool, and RabbitMQ holds the rest.",
    ),
    gone(
      "RaingaugeListenerAbsent",
      "listener_notifications_received_total",
      "listener",
      "RabbitMQ keeps the notifications in the listener's durable queue. Coverage ends: machines that no other source confirms are not held to exist.",
    ),
    gone(
      "RaingaugeRaterAbsent",
      "rater_requests_answered_total",
      "rater",
      "No API, no costs, no closing of months. Nothing is lost: a missed close is caught up.",
    ),
    {
      name: "RaingaugeIngestStalled",
      expr: `sum(rate(collector_rows_stored_total{${OURS}}[5m])) == 0 and sum(rate(poller_packets_published_total{${OURS}}[15m])) > 0`,
      for: "10m",
      severity: "critical",
      team: "operations",
      summary: "Readings are published and none is stored",
      description:
        "What agents publish stays on the bus. It is stored when this ends, unless the bus fills up first and the agents' spools after it.",
      panel: { board: BOARD, id: 101 },
      runbook: {
        look: [
          { for: "how much waits", query: `max(collector_backlog_messages{${OURS}})` },
          { for: "whether the store refuses", query: `sum(increase(collector_rows_refused_total{${OURS}}[15m]))` },
          { for: "which part is not ready, and why", command: "curl -s http://COLLECTOR:PORT/readyz" },
        ],
        act: [
          "Mend the store or start the collector; it goes on where it stopped, and redelivery changes nothing.",
          "If the bus is near its byte limit, give it more before it refuses.",
        ],
        costs: "Nobody yet. Once bus and spools are full, readings are lost and the operator pays.",
      },
      proof: {
        courses: [
          { series: 'collector_rows_stored_total{job="raingauge-collector"}', below: counting(1), above: counting(0) },
          { series: `poller_packets_published_total{${TARGET}}`, below: counting(2), above: counting(2) },
        ],
        labels: {},
      },
    },
    {
      name: "RaingaugePollFailures",
      expr: `sum by (instance) (increase(poller_polls_failed_total{${OURS}}[1h])) / (sum by (instance) (increase(poller_polls_failed_total{${OURS}}[1h])) + sum by (instance) (increase(poller_polls_finished_total{${OURS}}[1h]))) > 0.1`,
      for: "15m",
      severity: "warning",
      team: "operations",
      summary: "More than a tenth of the polls on {{ .Labels.instance }} fail",
      description: "Each failed poll is five minutes that only later readings can prove.",
      panel: { board: BOARD, id: 108 },
      runbook: {
        look: [
          { for: "the reasons", query: `sum by (instance, reason) (increase(poller_polls_failed_total{${OURS}}[1h]))` },
        ],
        act: [
          "`timeout`: libvirt is slow; look at the host's load, or raise RAINGAUGE_VIRSH_TIMEOUT.",
          "Anything else: the poller's log names the call and what it answered.",
        ],
        costs: TENANT,
      },
      proof: {
        courses: [
          { series: `poller_polls_failed_total{${TARGET},reason="timeout"}`, below: counting(9), above: counting(12) },
          { series: `poller_polls_finished_total{${TARGET}}`, below: counting(91), above: counting(88) },
        ],
        labels: { instance: TARGET_LABELS.instance },
      },
    },
    rising(
      "RaingaugePollsSkipped",
      "poller_polls_skipped_total",
      "operations",
      108,
      "Polls on {{ .Labels.instance }} take longer than the interval",
      "A poll was due while the one before still ran; the readings come less often than configured.",
      "how long polls take",
      `histogram_quantile(0.95, sum by (instance, le) (rate(poller_poll_seconds_bucket{${OURS}}[30m])))`,
      "Lengthen RAINGAUGE_POLLER_SCHEDULE or find what makes libvirt slow.",
      "Nobody, while the interval stays under the silence limit of 15 minutes.",
    ),
    rising(
      "RaingaugeDomainsSkipped",
      "poller_domains_skipped_total",
      "operations",
      108,
      "Machines on {{ .Labels.instance }} cannot be metered",
      "libvirt lists domains that the poller cannot attribute: their metadata is missing or not Nova's.",
      "why",
      `sum by (instance, reason) (increase(poller_domains_skipped_total{${OURS}}[1h]))`,
      "Machines that Nova did not make are nobody's; ignore them, or keep them off this hypervisor.",
      "The operator, if the machines are a tenant's: they are billed by notifications alone.",
    ),
    {
      name: "RaingaugeSweepStale",
      expr: `time() - max by (source) (poller_last_sweep_timestamp_seconds{${OURS}}) > ${SWEEP_SILENCE_SECONDS}`,
      for: "10m",
      severity: "warning",
      team: "operations",
      summary: "No complete sweep of {{ .Labels.source }} for more than three hours",
      description:
        "Lost notifications of this service are found by sweeps alone. Until one succeeds, what ended unheard goes on being held until its limit.",
      panel: { board: BOARD, id: 109 },
      runbook: {
        look: [
          {
            for: "why they fail",
            query: `sum by (source, reason) (increase(poller_sweeps_failed_total{${OURS}}[3h]))`,
          },
          {
            for: "whether the API answers",
            command: "openstack --os-cloud CLOUD server list --all-projects --limit 1",
          },
        ],
        act: [
          "Mend the credentials or the service; the next sweep catches up.",
          "docs/sweeping.md says what is asked, and as whom.",
        ],
        costs:
          "The tenant may be billed up to three sweep intervals too long for what ended unheard; the correction follows when a sweep succeeds.",
      },
      proof: {
        courses: [
          {
            series: `poller_last_sweep_timestamp_seconds{${TARGET},source="nova"}`,
            below: behind(SWEEP_SILENCE_SECONDS - 60),
            above: behind(SWEEP_SILENCE_SECONDS + 60),
          },
        ],
        labels: { source: "nova" },
      },
    },
    {
      name: "RaingaugeSweepsFail",
      expr: `sum by (source) (increase(poller_sweeps_failed_total{${OURS}}[6h])) > sum by (source) (increase(poller_sweeps_finished_total{${OURS}}[6h]))`,
      for: "15m",
      severity: "warning",
      team: "operations",
      summary: "More sweeps of {{ .Labels.source }} fail than succeed",
      description: "A sweep that answers short, late or with an error proves nothing and is thrown away whole.",
      panel: { board: BOARD, id: 109 },
      runbook: {
        look: [
          { for: "the reasons", query: `sum by (source, reason) (increase(poller_sweeps_failed_total{${OURS}}[6h]))` },
        ],
        act: [
          "Look at the service's API log at the same instants; a paging error there is what makes an answer short.",
        ],
        costs: "As with a stale sweep: the tenant first, until it is corrected.",
      },
      proof: {
        phase: "8h",
        step: "5m",
        courses: [
          {
            series: `poller_sweeps_failed_total{${TARGET},source="nova",reason="incomplete"}`,
            below: counting(9),
            above: counting(11),
          },
          { series: `poller_sweeps_finished_total{${TARGET},source="nova"}`, below: counting(10), above: counting(10) },
        ],
        labels: { source: "nova" },
      },
    },
    {
      name: "RaingaugeBrokerDisconnected",
      expr: `min by (region) (listener_brokers_connected{${OURS}}) < 1`,
      for: "5m",
      severity: "critical",
      team: "operations",
      summary: "The listener of {{ .Labels.region }} hears no broker",
      description:
        "RabbitMQ keeps notifications in the queue if it runs; if it does not, services wait or lose what they say, as they are configured.",
      panel: { board: BOARD, id: 110 },
      runbook: {
        look: [
          { for: "how often it was lost", query: `sum(increase(listener_troubles_told_total{${OURS}}[1h]))` },
          { for: "whether the queue is there", command: "rabbitmqctl list_queues name messages consumers" },
        ],
        act: [
          "Mend the broker or the address in RAINGAUGE_RABBIT_URL; the listener comes back by itself and says from when it covers.",
        ],
        costs: TENANT,
      },
      proof: {
        courses: [
          {
            series: 'listener_brokers_connected{job="raingauge-listener",region="RegionOne"}',
            below: steady(1),
            above: steady(0),
          },
        ],
        labels: { region: "RegionOne" },
      },
    },
    {
      name: "RaingaugeCoverageStale",
      expr: `time() - max by (region) (listener_coverage_end_seconds{${OURS}}) > ${COVERAGE_SILENCE_SECONDS}`,
      for: "5m",
      severity: "warning",
      team: "operations",
      summary: "For ten minutes nothing proves that {{ .Labels.region }} was heard",
      description:
        "Coverage is what holds resources that nothing else confirms. A month is not closed before it is covered to its end.",
      panel: { board: BOARD, id: 110 },
      runbook: {
        look: [
          { for: "whether it is connected", query: `min by (region) (listener_brokers_connected{${OURS}})` },
          {
            for: "what waits in the queue",
            command: "rabbitmqctl list_queues name messages_ready messages_unacknowledged",
          },
        ],
        act: [
          "If the queue is long, the listener is behind: add a second one on the same queue.",
          "If it is empty, look whether the bus takes what it publishes (poller and listener spools).",
        ],
        costs: TENANT,
      },
      proof: {
        courses: [
          {
            series: 'listener_coverage_end_seconds{job="raingauge-listener",region="RegionOne"}',
            below: behind(540),
            above: behind(660),
          },
        ],
        labels: { region: "RegionOne" },
      },
    },
    {
      name: "RaingaugeSweepLosesMany",
      expr: `sum by (source) (increase(poller_sweep_resources_lost_total{${OURS}}[1h])) > 20`,
      for: "0m",
      severity: "warning",
      team: "operations",
      summary: "A sweep of {{ .Labels.source }} no longer finds more than twenty resources",
      description:
        "Each is given an inferred end. Either many deletions were not heard, or the API left something out.",
      panel: { board: BOARD, id: 109 },
      runbook: {
        look: [
          { for: "since when", query: `sum by (source) (increase(poller_sweep_resources_lost_total{${OURS}}[1h]))` },
          {
            for: "whether notifications came",
            query: `sum(rate(listener_notifications_received_total{${OURS}}[30m]))`,
          },
        ],
        act: [
          "If they are really gone, find out why nobody heard: the listener, the broker, the service's notification driver.",
          "If they are still there, the next sweep takes the ends back by itself.",
        ],
        costs: "The operator, for what was ended too early, until the next sweep.",
      },
      proof: {
        courses: [
          {
            series: `poller_sweep_resources_lost_total{${TARGET},source="nova"}`,
            below: counting(0.3),
            above: counting(0.4),
          },
        ],
        labels: { source: "nova" },
      },
    },
  ],
};

/** A process that nobody scrapes any more. Its own API cannot say so. */
function gone(name: Alert["name"], metric: string, process: string, description: string): Alert {
  return {
    name,
    expr: `absent(${metric}{${OURS}})`,
    for: "5m",
    severity: "critical",
    team: "operations",
    summary: `No ${process} is scraped`,
    description,
    panel: { board: BOARD, id: 111 },
    isHeartbeat: true,
    runbook: {
      look: [
        { for: "whether the target is there and what the scrape says", query: `up{${OURS}}` },
        { for: "whether the process lives", command: `systemctl status raingauge-${process}` },
      ],
      act: [
        "Start it; it goes on where it stopped.",
        "If it is there and not scraped, look at the scrape job and at the address that /metrics listens on.",
      ],
      costs: process === "rater" ? "Nobody; bills come later." : TENANT,
    },
    proof: {
      courses: [{ series: `${metric}{job="raingauge-${process}"}`, below: counting(1), above: absent }],
      labels: {},
    },
  };
}

/** Something that should never be counted is. */
function rising(
  name: Alert["name"],
  metric: string,
  team: Alert["team"],
  id: number,
  summary: string,
  description: string,
  asks: string,
  query: string,
  act: string,
  costs: string,
): Alert {
  return {
    name,
    expr: `sum by (instance) (increase(${metric}{${OURS}}[30m])) > 0`,
    for: "10m",
    severity: "warning",
    team,
    summary,
    description,
    panel: { board: BOARD, id },
    runbook: { look: [{ for: asks, query }], act: [act], costs },
    proof: {
      courses: [{ series: `${metric}{${TARGET}}`, below: counting(0), above: counting(1) }],
      labels: { instance: TARGET_LABELS.instance },
    },
  };
}
