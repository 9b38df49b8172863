import { counter, gauge, histogram, metrics } from "@raingauge/runtime";

/** Polls: finished + failed. Packets: made = published + refused. Domains: read = metered + skipped. */
export const pollerMetrics = () =>
  metrics("poller", {
    pollsFinished: counter("polls_finished", "Polls that gave readings."),
    pollsFailed: counter("polls_failed", "Polls that gave nothing, by reason.", ["reason"]),
    pollsSkipped: counter("polls_skipped", "Polls that were due while the one before was still running."),
    domainsRead: counter("domains_read", "Domains that libvirt listed."),
    domainsSkipped: counter("domains_skipped", "Domains that could not be metered, by reason.", ["reason"]),
    fieldsRefused: counter("fields_refused", "Lines and fields of libvirt's that made no sense."),
    samplesRead: counter("samples_read", "Readings that were made."),
    packetsPublished: counter("packets_published", "Packets that the bus or the spool took."),
    packetsRefused: counter("packets_refused", "Packets that were given up because the spool was full or failed."),
    looksFinished: counter("looks_finished", "Looks at the host itself and at sensors that gave readings.", ["source"]),
    looksFailed: counter("looks_failed", "Looks at the host itself and at sensors that gave nothing, by reason.", [
      "source",
      "reason",
    ]),
    entriesDropped: counter(
      "look_entries_dropped",
      "What answers to an operator's pollsters told and no reading came of.",
      ["source"],
    ),
    lastLook: gauge("last_look_timestamp_seconds", "When the last look that gave readings began.", ["source"]),
    hostPartsLeft: counter("host_parts_left", "Parts of the host that could not be seen, or may be a container's.", [
      "part",
    ]),
    sensorsRefused: counter("sensors_refused", "Sensors that read less than nothing, for which there is no meter."),
    pollSeconds: histogram("poll_seconds", "How long a poll took.", {
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    }),
    lastPoll: gauge("last_poll_timestamp_seconds", "When the last poll that gave readings began."),
    spoolBytes: gauge("spool_bytes", "What waits on disk for the bus."),
    spoolMessages: gauge("spool_messages", "How many packets wait on disk for the bus."),
  });

export type PollerMetrics = ReturnType<typeof pollerMetrics>;
