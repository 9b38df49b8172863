import { COSTS, daily, END, flat, growing, HOUR, type Labels, POLL, type Series, scraped } from "./series.ts";

/** What an operator's Prometheus scrapes from us. */
export function processes(): Series[] {
  const collector = { job: "raingauge-collector", instance: "collector:9271" };
  const listener = { job: "raingauge-listener", instance: "listener:9471" };
  const rater = { job: "raingauge-rater", instance: "rater:8480" };
  const pollers = ["compute-1:9171", "compute-2:9171", "compute-3:9171"].map((instance) => ({
    job: "raingauge-poller",
    instance,
  }));
  const central = { job: "raingauge-poller", instance: "central:9171" };
  const ours = [collector, listener, rater, central, ...pollers];
  const counters = (of: Labels, rates: Readonly<Record<string, number>>): Series[] =>
    Object.entries(rates).map(([name, rate]) => scraped(name, of, growing(rate)));
  return [
    ...ours.flatMap((of, index) => [
      scraped("up", of, flat(1)),
      scraped("process_start_time_seconds", of, flat(END - 40 * HOUR - index * 100)),
      scraped("process_resident_memory_bytes", of, (second) =>
        Math.round((90 + index * 15) * 1e6 * (0.9 + daily(second) / 10)),
      ),
      scraped("process_open_fds", of, flat(30 + index)),
      scraped("process_max_fds", of, flat(1024)),
      scraped("nodejs_eventloop_lag_p99_seconds", of, (second) => 0.011 + 0.001 * daily(second)),
      scraped("nodejs_version_info", { ...of, version: "v24.21.0", major: "24", minor: "21", patch: "0" }, flat(1)),
      scraped("process_cpu_seconds_total", of, (second) => (second - (END - COSTS)) * 0.01 * (index + 1)),
    ]),
    ...pollers.flatMap((of) => [
      ...counters(of, {
        poller_samples_read_total: 0.5,
        poller_polls_finished_total: 1 / 300,
        poller_polls_skipped_total: 0,
        poller_packets_published_total: 0.02,
        poller_packets_refused_total: 0,
        poller_fields_refused_total: 0,
      }),
      scraped("poller_last_poll_timestamp_seconds", of, (second) => Math.floor(second / POLL) * POLL),
      scraped("poller_spool_bytes", of, flat(0)),
      scraped("poller_spool_messages", of, flat(0)),
      ...["0.1", "0.5", "1", "+Inf"].map((le, bucket) =>
        scraped("poller_poll_seconds_bucket", { ...of, le }, growing([0.2, 0.8, 0.95, 1][bucket]! / 300)),
      ),
    ]),
    ...counters(central, { poller_sweep_samples_read_total: 0.05, poller_sweep_packets_refused_total: 0 }),
    ...["nova", "cinder"].flatMap((source) => [
      scraped(
        "poller_last_sweep_timestamp_seconds",
        { ...central, source },
        (second) => Math.floor(second / HOUR) * HOUR,
      ),
      ...counters(
        { ...central, source },
        {
          poller_sweeps_finished_total: 1 / HOUR,
          poller_sweep_resources_lost_total: 0,
          poller_sweep_items_refused_total: 0,
          poller_sweep_items_read_total: 0.02,
        },
      ),
    ]),
    ...counters(listener, { listener_notifications_received_total: 2, listener_notifications_published_total: 1 }),
    scraped(
      "listener_notifications_ignored_total",
      { ...listener, reason: "uninteresting" },
      (second) => Math.floor((second - (END - COSTS)) * 2) - Math.floor(second - (END - COSTS)),
    ),
    scraped("listener_brokers_connected", { ...listener, region: "RegionOne" }, flat(1)),
    scraped("listener_coverage_end_seconds", { ...listener, region: "RegionOne" }, (second) => second - 60),
    scraped("listener_set_aside_messages", listener, flat(0)),
    ...counters(collector, {
      collector_rows_received_total: 3,
      collector_rows_stored_total: 3,
      collector_rows_duplicated_total: 0,
      collector_rows_refused_total: 0,
      collector_messages_received_total: 0.1,
      collector_messages_settled_total: 0.1,
      collector_messages_retried_total: 0,
      collector_roll_ups_finished_total: 1 / 600,
      collector_roll_ups_failed_total: 0,
      collector_hours_recomputed_total: 0.2,
    }),
    ...["libvirt", "nova"].flatMap((service) => {
      const of = { ...collector, region: "RegionOne", service };
      return [
        ...["1", "5", "10", "+Inf"].map((le, bucket) =>
          scraped("collector_end_to_end_seconds_bucket", { ...of, le }, growing([0.2, 0.8, 0.95, 1][bucket]! / 60)),
        ),
        scraped("collector_last_stored_timestamp_seconds", of, (second) => Math.floor(second / 300) * 300),
        scraped("collector_messages_predated_total", of, flat(0)),
      ];
    }),
    ...pollers.map(({ instance }, index) =>
      scraped(
        "collector_agent_clock_offset_seconds",
        { ...collector, region: "RegionOne", source: "libvirt", agent: instance.split(":")[0] ?? "" },
        flat(0.004 * (index + 1)),
      ),
    ),
    scraped("collector_messages_rejected_total", { ...collector, reason: "malformed" }, flat(0)),
    scraped("collector_backlog_messages", collector, flat(2)),
    ...["/v1/usage", "/v1/costs", "/v1/invoices"].flatMap((route, index) => [
      scraped(
        "rater_requests_answered_total",
        { ...rater, method: "GET", route, status: "200" },
        growing(0.5 * (index + 1)),
      ),
      scraped("rater_requests_answered_total", { ...rater, method: "GET", route, status: "404" }, growing(0.01)),
    ]),
    ...counters(rater, {
      rater_invoices_issued_total: 0,
      rater_projects_held_total: 0,
      rater_months_held_total: 0,
      rater_closings_failed_total: 0,
    }),
    scraped(
      "ALERTS",
      { alertname: "RaingaugeWatchdog", alertstate: "firing", severity: "none", team: "operations" },
      flat(1),
    ),
    scraped(
      "ALERTS",
      {
        alertname: "RaingaugeSpooling",
        alertstate: "firing",
        severity: "warning",
        team: "operations",
        instance: "compute-2:9171",
        job: "raingauge-poller",
      },
      (second) => (second > END - 2 * HOUR ? 1 : undefined),
    ),
    scraped(
      "ALERTS",
      { alertname: "RaingaugeUnpricedUsage", alertstate: "firing", severity: "warning", team: "finance" },
      (second) => (second > END - 9 * HOUR && second < END - 6 * HOUR ? 1 : undefined),
    ),
  ];
}
