import { counter, metrics } from "@raingauge/runtime";

/** What the rater counts. No label names a project or a caller: whoever may scrape may read it. */
export const raterMetrics = () =>
  metrics("rater", {
    requestsAnswered: counter("requests_answered", "Requests answered.", ["method", "route", "status"]),
    invoicesIssued: counter("invoices_issued", "Invoices issued by the schedule."),
    projectsHeld: counter("projects_held", "Projects whose invoice was held back by the schedule, once for each try."),
    monthsHeld: counter("months_held", "Months that could not be closed at all, once for each try."),
    correctionsIssued: counter("corrections_issued", "Credit and debit notes written by the schedule."),
    correctionsHeld: counter("corrections_held", "Corrections that wait for somebody, once for each look."),
    budgetNoticesRaised: counter(
      "budget_notices_raised",
      "Crossings of a budget's threshold, once for each way of telling.",
    ),
    budgetNoticesDelivered: counter("budget_notices_delivered", "Notices that their receiver took."),
    budgetNoticesFailed: counter("budget_notices_failed", "Attempts that failed and will be tried again."),
    budgetNoticesDead: counter("budget_notices_abandoned", "Notices given up, which wait for somebody to replay them."),
    samplesTaken: counter("outside_samples_accepted", "Readings from outside that the bus took, by the door.", [
      "door",
    ]),
    samplesRefused: counter("outside_samples_refused", "Readings from outside that made no sense, by why.", [
      "door",
      "reason",
    ]),
    samplesPassedOver: counter("outside_samples_skipped", "Points from outside that no rule speaks of.", ["door"]),
    closingsFailed: counter("closings_failed", "Runs of the schedule that failed and will be tried again."),
  });

export type RaterMetrics = ReturnType<typeof raterMetrics>;
