import { counter, gauge, histogram, metrics } from "@raingauge/runtime";

/** Sweeps: finished + failed. Items: read = resources that mean something + refused + those that are not billed. */
export const centralMetrics = () =>
  metrics("poller", {
    sweepsFinished: counter("sweeps_finished", "Sweeps that saw everything there is.", ["source"]),
    sweepsFailed: counter("sweeps_failed", "Sweeps that prove nothing, by reason.", ["source", "reason"]),
    sweepsSkipped: counter("sweeps_skipped", "Sweeps that were due while the one before was still running."),
    itemsRead: counter("sweep_items_read", "Resources that the APIs listed.", ["source"]),
    itemsRefused: counter("sweep_items_refused", "Listed resources that made no sense.", ["source"]),
    resourcesLost: counter("sweep_resources_lost", "Resources that were gone from a complete sweep.", ["source"]),
    samplesRead: counter("sweep_samples_read", "Readings that were made of them."),
    packetsPublished: counter("sweep_packets_published", "Packets that the bus or the spool took."),
    packetsRefused: counter(
      "sweep_packets_refused",
      "Packets that were given up because the spool was full or failed.",
    ),
    surveysFinished: counter("surveys_finished", "Surveys of what is only looked at, or measured anew each time.", [
      "source",
    ]),
    surveysFailed: counter("surveys_failed", "Surveys, and dials of sweeps, that told nothing, by reason.", [
      "source",
      "reason",
    ]),
    surveyPartsSkipped: counter("survey_parts_skipped", "Projects and the like that a survey was told nothing of.", [
      "source",
      "reason",
    ]),
    entriesDropped: counter(
      "survey_entries_dropped",
      "What answers to an operator's pollsters told and no reading came of.",
      ["source"],
    ),
    sweepSeconds: histogram("sweep_seconds", "How long a sweep took.", {
      buckets: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
      labels: ["source"],
    }),
    lastSweep: gauge("last_sweep_timestamp_seconds", "When the last complete sweep began.", ["source"]),
  });

export type CentralMetrics = ReturnType<typeof centralMetrics>;
