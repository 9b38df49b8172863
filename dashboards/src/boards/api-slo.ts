import type { Board, Row } from "../board.ts";
import { lines, plain, ranking, redBelow, redFrom, stacked, stat, table } from "../panel.ts";
import { INSTANCE, JOB } from "../variable.ts";

const T = 'job=~"$job",instance=~"$instance"';
const R = `rater_requests_answered_total{${T}}`;
const FAILED = `rater_requests_answered_total{${T},status=~"5.."}`;
const NO_FAILURE = "Empty while nothing has failed: the series begins with the first failure.";
const errors = (window: string): string =>
  `(sum(rate(${FAILED}[${window}])) or vector(0)) / sum(rate(${R}[${window}]))`;

const TRAFFIC: Row = {
  title: "Requests",
  panels: [
    stacked(
      101,
      "By route",
      "reqps",
      [{ expr: `sum by (route) (rate(${R}[$__rate_interval]))`, legend: "{{route}}" }],
      "What is asked of the API?",
    ),
    stacked(
      102,
      "By status",
      "reqps",
      [{ expr: `sum by (status) (rate(${R}[$__rate_interval]))`, legend: "{{status}}" }],
      "How are requests answered?",
      { act: "401 and 403: a client with a wrong token. 503: store or ledger are away." },
    ),
    ranking(
      103,
      "Busiest routes in this range",
      "none",
      [{ expr: `topk(10, sum by (method, route) (increase(${R}[$__range])))`, legend: "{{method}} {{route}}" }],
      "Which routes matter?",
      { width: 12, look: { decimals: 0 } },
    ),
    table(
      104,
      "Failures in this range",
      "none",
      `sum by (method, route, status) (increase(${FAILED}[$__range])) > 0`,
      "Which routes fail?",
      {
        width: 12,
        height: 8,
        act: "503: mend what is not ready. 500: a defect of ours; the log has the request.",
        mayBeEmpty: NO_FAILURE,
        look: {
          columns: {
            method: { name: "Method" },
            route: { name: "Route" },
            status: { name: "Status" },
            Value: { name: "Requests", decimals: 0 },
          },
        },
      },
    ),
  ],
};

const SLO: Row = {
  title: "The promise: 99.9 % of requests in 30 days do not fail",
  panels: [
    stat(
      201,
      "Kept in this range",
      "percentunit",
      `1 - (${errors("$__range")})`,
      "What part of the requests was answered?",
      { width: 6, height: 8, look: { thresholds: redBelow(0.99, 0.999), decimals: 3, max: 1 } },
    ),
    lines(
      202,
      "How fast the error budget burns",
      "none",
      [
        { expr: `(${errors("1h")}) / 0.001`, legend: "1 h" },
        { expr: `(${errors("6h")}) / 0.001`, legend: "6 h" },
      ],
      "1 means that it lasts exactly 30 days; 14.4 that it is gone in two.",
      { width: 12, look: { min: 0, thresholds: redFrom(6, 14.4) } },
    ),
    stat(
      203,
      "Error budget left in this range",
      "percentunit",
      `1 - (${errors("$__range")}) / 0.001`,
      "How much of what may fail has not failed?",
      { width: 6, height: 8, look: { thresholds: redBelow(0, 0.3), decimals: 0 } },
    ),
  ],
};

const JOBS: Row = {
  title: "Closing months",
  panels: [
    stat(
      301,
      "Invoices issued in this range",
      "none",
      `sum(increase(rater_invoices_issued_total{${T}}[$__range]))`,
      "How many did the schedule issue?",
      { width: 6, height: 8, look: { thresholds: plain, decimals: 0 } },
    ),
    stat(
      302,
      "Process CPU",
      "percentunit",
      `sum(rate(process_cpu_seconds_total{${T}}[$__rate_interval]))`,
      "How busy are our processes?",
      { width: 6, height: 8, look: { thresholds: plain, decimals: 2 } },
    ),
    lines(
      303,
      "Held and failed, within the hour before",
      "none",
      [
        { expr: `sum(increase(rater_projects_held_total{${T}}[1h]))`, legend: "projects held" },
        { expr: `sum(increase(rater_months_held_total{${T}}[1h]))`, legend: "months held" },
        { expr: `sum(increase(rater_closings_failed_total{${T}}[1h]))`, legend: "runs failed" },
      ],
      "Does anything keep invoices from being issued?",
      {
        width: 12,
        act: "The rater's log says what it waits for; usage without a price is on Invoices & revenue.",
        look: { min: 0 },
      },
    ),
  ],
};

export const API_SLO: Board = {
  uid: "raingauge-api-slo",
  title: "Raingauge / API & SLO",
  audience: "ops",
  source: "scraped",
  answers: "Does the API keep what it promises, and are months closed? For whoever runs Raingauge.",
  from: "now-24h",
  refresh: "1m",
  timezone: "browser",
  variables: [JOB, INSTANCE],
  rows: [TRAFFIC, SLO, JOBS],
};
