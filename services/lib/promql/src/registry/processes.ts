import type { Metric } from "./metric.ts";

/**
 * What each process tells of itself at its /metrics. Generated from every process's own `metrics.ts`, since a library may
 * not import them; `UPDATE=1 npx vitest run test/catalogue` writes it, and a test holds it current.
 */
export const PROCESSES: readonly Metric[] = [
  {
    "name": "poller_polls_finished_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Polls that gave readings.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_polls_failed_total",
    "type": "counter",
    "unit": "",
    "labels": [
      "reason"
    ],
    "help": "Polls that gave nothing, by reason.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_polls_skipped_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Polls that were due while the one before was still running.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_domains_read_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Domains that libvirt listed.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_domains_skipped_total",
    "type": "counter",
    "unit": "",
    "labels": [
      "reason"
    ],
    "help": "Domains that could not be metered, by reason.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_fields_refused_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Lines and fields of libvirt's that made no sense.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_samples_read_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Readings that were made.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_packets_published_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Packets that the bus or the spool took.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_packets_refused_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Packets that were given up because the spool was full or failed.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_poll_seconds",
    "type": "histogram",
    "unit": "s",
    "labels": [],
    "help": "How long a poll took.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_last_poll_timestamp_seconds",
    "type": "gauge",
    "unit": "s",
    "labels": [],
    "help": "When the last poll that gave readings began.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_spool_bytes",
    "type": "gauge",
    "unit": "B",
    "labels": [],
    "help": "What waits on disk for the bus.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_spool_messages",
    "type": "gauge",
    "unit": "",
    "labels": [],
    "help": "How many packets wait on disk for the bus.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_sweeps_finished_total",
    "type": "counter",
    "unit": "",
    "labels": [
      "source"
    ],
    "help": "Sweeps that saw everything there is.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_sweeps_failed_total",
    "type": "counter",
    "unit": "",
    "labels": [
      "source",
      "reason"
    ],
    "help": "Sweeps that prove nothing, by reason.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_sweeps_skipped_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Sweeps that were due while the one before was still running.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_sweep_items_read_total",
    "type": "counter",
    "unit": "",
    "labels": [
      "source"
    ],
    "help": "Resources that the APIs listed.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_sweep_items_refused_total",
    "type": "counter",
    "unit": "",
    "labels": [
      "source"
    ],
    "help": "Listed resources that made no sense.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_sweep_resources_lost_total",
    "type": "counter",
    "unit": "",
    "labels": [
      "source"
    ],
    "help": "Resources that were gone from a complete sweep.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_sweep_samples_read_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Readings that were made of them.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_sweep_packets_published_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Packets that the bus or the spool took.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_sweep_packets_refused_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Packets that were given up because the spool was full or failed.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_surveys_finished_total",
    "type": "counter",
    "unit": "",
    "labels": [
      "source"
    ],
    "help": "Surveys of what is only looked at, or measured anew each time.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_surveys_failed_total",
    "type": "counter",
    "unit": "",
    "labels": [
      "source",
      "reason"
    ],
    "help": "Surveys, and dials of sweeps, that told nothing, by reason.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_survey_parts_skipped_total",
    "type": "counter",
    "unit": "",
    "labels": [
      "source",
      "reason"
    ],
    "help": "Projects and the like that a survey was told nothing of.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_sweep_seconds",
    "type": "histogram",
    "unit": "s",
    "labels": [
      "source"
    ],
    "help": "How long a sweep took.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "poller_last_sweep_timestamp_seconds",
    "type": "gauge",
    "unit": "s",
    "labels": [
      "source"
    ],
    "help": "When the last complete sweep began.",
    "origin": "process",
    "of": "poller"
  },
  {
    "name": "listener_notifications_received_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Messages from RabbitMQ whose fate is settled.",
    "origin": "process",
    "of": "listener"
  },
  {
    "name": "listener_notifications_published_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Notifications that came to events and samples, which the bus took.",
    "origin": "process",
    "of": "listener"
  },
  {
    "name": "listener_notifications_ignored_total",
    "type": "counter",
    "unit": "",
    "labels": [
      "reason"
    ],
    "help": "Notifications that are not our business, by why.",
    "origin": "process",
    "of": "listener"
  },
  {
    "name": "listener_notifications_refused_total",
    "type": "counter",
    "unit": "",
    "labels": [
      "problem"
    ],
    "help": "Messages that say nothing we can take; they are set aside.",
    "origin": "process",
    "of": "listener"
  },
  {
    "name": "listener_packets_published_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Messages that the bus or its spool took.",
    "origin": "process",
    "of": "listener"
  },
  {
    "name": "listener_troubles_told_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Losses of the broker, and what it refused.",
    "origin": "process",
    "of": "listener"
  },
  {
    "name": "listener_brokers_connected",
    "type": "gauge",
    "unit": "",
    "labels": [
      "region"
    ],
    "help": "Brokers from which messages can come in.",
    "origin": "process",
    "of": "listener"
  },
  {
    "name": "listener_coverage_end_seconds",
    "type": "gauge",
    "unit": "s",
    "labels": [
      "region"
    ],
    "help": "Until when it is proven that nothing was missed, in Unix time.",
    "origin": "process",
    "of": "listener"
  },
  {
    "name": "listener_set_aside_messages",
    "type": "gauge",
    "unit": "",
    "labels": [],
    "help": "Messages set aside and not dealt with.",
    "origin": "process",
    "of": "listener"
  },
  {
    "name": "listener_set_aside_bytes",
    "type": "gauge",
    "unit": "B",
    "labels": [],
    "help": "What they take.",
    "origin": "process",
    "of": "listener"
  },
  {
    "name": "collector_messages_received_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Messages handed over by the bus, redeliveries included.",
    "origin": "process",
    "of": "collector"
  },
  {
    "name": "collector_messages_settled_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Messages whose rows are committed.",
    "origin": "process",
    "of": "collector"
  },
  {
    "name": "collector_messages_retried_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Messages given back because the store was unavailable.",
    "origin": "process",
    "of": "collector"
  },
  {
    "name": "collector_messages_rejected_total",
    "type": "counter",
    "unit": "",
    "labels": [
      "reason"
    ],
    "help": "Messages that could not be read, by reason.",
    "origin": "process",
    "of": "collector"
  },
  {
    "name": "collector_rows_received_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Samples and events in messages that could be read.",
    "origin": "process",
    "of": "collector"
  },
  {
    "name": "collector_rows_stored_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Samples and events that the store had not had.",
    "origin": "process",
    "of": "collector"
  },
  {
    "name": "collector_rows_duplicated_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Samples and events that the store had already.",
    "origin": "process",
    "of": "collector"
  },
  {
    "name": "collector_rows_belated_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Of those stored, readings for hours that were frozen already; they change no bill.",
    "origin": "process",
    "of": "collector"
  },
  {
    "name": "collector_rows_refused_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Samples and events in appends that failed; each is handed over again or rejected.",
    "origin": "process",
    "of": "collector"
  },
  {
    "name": "collector_roll_ups_finished_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Roll-ups that ran to their end.",
    "origin": "process",
    "of": "collector"
  },
  {
    "name": "collector_roll_ups_failed_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Roll-ups that the store was unavailable for.",
    "origin": "process",
    "of": "collector"
  },
  {
    "name": "collector_backlog_messages",
    "type": "gauge",
    "unit": "",
    "labels": [],
    "help": "Messages on the bus that have met no fate yet, as of the last scrape that could ask.",
    "origin": "process",
    "of": "collector"
  },
  {
    "name": "collector_commit_seconds",
    "type": "histogram",
    "unit": "s",
    "labels": [],
    "help": "How long the store took to commit what was handed over at once.",
    "origin": "process",
    "of": "collector"
  },
  {
    "name": "collector_end_to_end_seconds",
    "type": "histogram",
    "unit": "s",
    "labels": [
      "region",
      "service"
    ],
    "help": "From the newest instant that a message tells of until its rows are committed.",
    "origin": "process",
    "of": "collector"
  },
  {
    "name": "collector_last_stored_timestamp_seconds",
    "type": "gauge",
    "unit": "s",
    "labels": [
      "region",
      "service"
    ],
    "help": "When rows of this region and service were committed last.",
    "origin": "process",
    "of": "collector"
  },
  {
    "name": "collector_agent_last_seen_timestamp_seconds",
    "type": "gauge",
    "unit": "s",
    "labels": [
      "region",
      "source",
      "agent"
    ],
    "help": "Until when an agent has told that it was watching, of those heard since this process began.",
    "origin": "process",
    "of": "collector"
  },
  {
    "name": "collector_agent_clock_offset_seconds",
    "type": "gauge",
    "unit": "s",
    "labels": [
      "region",
      "source",
      "agent"
    ],
    "help": "The clock of the bus less that of the agent, as its last coverage was stored; the way between them is in it.",
    "origin": "process",
    "of": "collector"
  },
  {
    "name": "collector_messages_predated_total",
    "type": "counter",
    "unit": "",
    "labels": [
      "region",
      "service"
    ],
    "help": "Messages that told of an instant which had not come yet by this clock.",
    "origin": "process",
    "of": "collector"
  },
  {
    "name": "collector_hours_recomputed_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Hours of series that roll-ups computed again.",
    "origin": "process",
    "of": "collector"
  },
  {
    "name": "collector_readings_removed_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Readings that retention removed.",
    "origin": "process",
    "of": "collector"
  },
  {
    "name": "collector_horizon_timestamp_seconds",
    "type": "gauge",
    "unit": "s",
    "labels": [],
    "help": "Before it hours are frozen; absent while nothing is.",
    "origin": "process",
    "of": "collector"
  },
  {
    "name": "rater_requests_answered_total",
    "type": "counter",
    "unit": "",
    "labels": [
      "method",
      "route",
      "status"
    ],
    "help": "Requests answered.",
    "origin": "process",
    "of": "rater"
  },
  {
    "name": "rater_invoices_issued_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Invoices issued by the schedule.",
    "origin": "process",
    "of": "rater"
  },
  {
    "name": "rater_projects_held_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Projects whose invoice was held back by the schedule, once for each try.",
    "origin": "process",
    "of": "rater"
  },
  {
    "name": "rater_months_held_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Months that could not be closed at all, once for each try.",
    "origin": "process",
    "of": "rater"
  },
  {
    "name": "rater_corrections_issued_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Credit and debit notes written by the schedule.",
    "origin": "process",
    "of": "rater"
  },
  {
    "name": "rater_corrections_held_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Corrections that wait for somebody, once for each look.",
    "origin": "process",
    "of": "rater"
  },
  {
    "name": "rater_budget_notices_raised_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Crossings of a budget's threshold, once for each way of telling.",
    "origin": "process",
    "of": "rater"
  },
  {
    "name": "rater_budget_notices_delivered_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Notices that their receiver took.",
    "origin": "process",
    "of": "rater"
  },
  {
    "name": "rater_budget_notices_failed_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Attempts that failed and will be tried again.",
    "origin": "process",
    "of": "rater"
  },
  {
    "name": "rater_budget_notices_abandoned_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Notices given up, which wait for somebody to replay them.",
    "origin": "process",
    "of": "rater"
  },
  {
    "name": "rater_outside_samples_accepted_total",
    "type": "counter",
    "unit": "",
    "labels": [
      "door"
    ],
    "help": "Readings from outside that the bus took, by the door.",
    "origin": "process",
    "of": "rater"
  },
  {
    "name": "rater_outside_samples_refused_total",
    "type": "counter",
    "unit": "",
    "labels": [
      "door",
      "reason"
    ],
    "help": "Readings from outside that made no sense, by why.",
    "origin": "process",
    "of": "rater"
  },
  {
    "name": "rater_outside_samples_skipped_total",
    "type": "counter",
    "unit": "",
    "labels": [
      "door"
    ],
    "help": "Points from outside that no rule speaks of.",
    "origin": "process",
    "of": "rater"
  },
  {
    "name": "rater_closings_failed_total",
    "type": "counter",
    "unit": "",
    "labels": [],
    "help": "Runs of the schedule that failed and will be tried again.",
    "origin": "process",
    "of": "rater"
  },
  {
    "name": "process_cpu_user_seconds_total",
    "type": "counter",
    "unit": "s",
    "labels": [],
    "help": "Total user CPU time spent in seconds.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "process_cpu_system_seconds_total",
    "type": "counter",
    "unit": "s",
    "labels": [],
    "help": "Total system CPU time spent in seconds.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "process_cpu_seconds_total",
    "type": "counter",
    "unit": "s",
    "labels": [],
    "help": "Total user and system CPU time spent in seconds.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "process_start_time_seconds",
    "type": "gauge",
    "unit": "s",
    "labels": [],
    "help": "Start time of the process since unix epoch in seconds.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "process_resident_memory_bytes",
    "type": "gauge",
    "unit": "B",
    "labels": [],
    "help": "Resident memory size in bytes.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "process_virtual_memory_bytes",
    "type": "gauge",
    "unit": "B",
    "labels": [],
    "help": "Virtual memory size in bytes.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "process_heap_bytes",
    "type": "gauge",
    "unit": "B",
    "labels": [],
    "help": "Process heap size in bytes.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "process_open_fds",
    "type": "gauge",
    "unit": "",
    "labels": [],
    "help": "Number of open file descriptors.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "process_max_fds",
    "type": "gauge",
    "unit": "",
    "labels": [],
    "help": "Maximum number of open file descriptors.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_eventloop_lag_seconds",
    "type": "gauge",
    "unit": "s",
    "labels": [],
    "help": "Lag of event loop in seconds.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_eventloop_lag_min_seconds",
    "type": "gauge",
    "unit": "s",
    "labels": [],
    "help": "The minimum recorded event loop delay.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_eventloop_lag_max_seconds",
    "type": "gauge",
    "unit": "s",
    "labels": [],
    "help": "The maximum recorded event loop delay.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_eventloop_lag_mean_seconds",
    "type": "gauge",
    "unit": "s",
    "labels": [],
    "help": "The mean of the recorded event loop delays.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_eventloop_lag_stddev_seconds",
    "type": "gauge",
    "unit": "s",
    "labels": [],
    "help": "The standard deviation of the recorded event loop delays.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_eventloop_lag_p50_seconds",
    "type": "gauge",
    "unit": "s",
    "labels": [],
    "help": "The 50th percentile of the recorded event loop delays.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_eventloop_lag_p90_seconds",
    "type": "gauge",
    "unit": "s",
    "labels": [],
    "help": "The 90th percentile of the recorded event loop delays.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_eventloop_lag_p99_seconds",
    "type": "gauge",
    "unit": "s",
    "labels": [],
    "help": "The 99th percentile of the recorded event loop delays.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_active_resources",
    "type": "gauge",
    "unit": "",
    "labels": [
      "type"
    ],
    "help": "Number of active resources that are currently keeping the event loop alive, grouped by async resource type.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_active_resources_total",
    "type": "gauge",
    "unit": "",
    "labels": [],
    "help": "Total number of active resources.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_active_handles",
    "type": "gauge",
    "unit": "",
    "labels": [
      "type"
    ],
    "help": "Number of active libuv handles grouped by handle type. Every handle type is C++ class name.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_active_handles_total",
    "type": "gauge",
    "unit": "",
    "labels": [],
    "help": "Total number of active handles.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_active_requests",
    "type": "gauge",
    "unit": "",
    "labels": [
      "type"
    ],
    "help": "Number of active libuv requests grouped by request type. Every request type is C++ class name.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_active_requests_total",
    "type": "gauge",
    "unit": "",
    "labels": [],
    "help": "Total number of active requests.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_heap_size_total_bytes",
    "type": "gauge",
    "unit": "B",
    "labels": [],
    "help": "Process heap size from Node.js in bytes.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_heap_size_used_bytes",
    "type": "gauge",
    "unit": "B",
    "labels": [],
    "help": "Process heap size used from Node.js in bytes.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_external_memory_bytes",
    "type": "gauge",
    "unit": "B",
    "labels": [],
    "help": "Node.js external memory size in bytes.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_heap_space_size_total_bytes",
    "type": "gauge",
    "unit": "B",
    "labels": [
      "space"
    ],
    "help": "Process heap space size total from Node.js in bytes.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_heap_space_size_used_bytes",
    "type": "gauge",
    "unit": "B",
    "labels": [
      "space"
    ],
    "help": "Process heap space size used from Node.js in bytes.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_heap_space_size_available_bytes",
    "type": "gauge",
    "unit": "B",
    "labels": [
      "space"
    ],
    "help": "Process heap space size available from Node.js in bytes.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_version_info",
    "type": "gauge",
    "unit": "",
    "labels": [
      "version",
      "major",
      "minor",
      "patch"
    ],
    "help": "Node.js version info.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "nodejs_gc_duration_seconds",
    "type": "histogram",
    "unit": "s",
    "labels": [
      "kind"
    ],
    "help": "Garbage collection duration by kind, one of major, minor, incremental or weakcb.",
    "origin": "process",
    "of": "every process"
  },
  {
    "name": "raingauge_build_info",
    "type": "gauge",
    "unit": "",
    "labels": [
      "process",
      "version"
    ],
    "help": "1, of the process and its version.",
    "origin": "process",
    "of": "every process"
  }
];
