import type { Alert, AlertGroup } from "../alert.ts";
import { absent, always, type Course, counting, steady } from "../proof.ts";
import { OURS } from "./jobs.ts";

const API = "raingauge-api-slo";
const RATER = 'job="raingauge-rater",instance="rater:9000"';
const LABELS = { job: "raingauge-rater", instance: "rater:9000" } as const;
const NOBODY = "Nobody: nothing is metered or billed through the API.";
const answered = (status: number) =>
  `rater_requests_answered_total{${RATER},method="GET",route="/v1/costs",status="${status}"}`;
const ratio = (matcher: string, window: string) =>
  `sum(rate(rater_requests_answered_total{${OURS},${matcher}}[${window}])) / sum(rate(rater_requests_answered_total{${OURS}}[${window}]))`;

/** 99.9 % of requests over 30 days: a thousandth may fail. */
const BUDGET = 0.001;

export const SERVICE: AlertGroup = {
  name: "raingauge-api",
  source: "scraped",
  interval: "1m",
  alerts: [
    burn("RaingaugeErrorBudgetBurnsFast", 14.4, "1h", "5m", "critical", "2m", "in two days"),
    burn("RaingaugeErrorBudgetBurnsSlowly", 6, "6h", "30m", "warning", "15m", "in five days"),
    share(
      "RaingaugeApiRefusesCallers",
      'status=~"401|403"',
      0.2,
      "More than a fifth of the requests come without a valid token",
      "A client with an old token, or somebody who tries.",
      401,
    ),
    share(
      "RaingaugeApiRefusesRequests",
      'status=~"400|422"',
      0.2,
      "More than a fifth of the requests are malformed",
      "A client of another version, or a board whose queries we do not understand.",
      400,
    ),
    share(
      "RaingaugeApiUnready",
      'status="503"',
      0.05,
      "The API is not ready: the store or the ledger cannot be reached",
      "Requests that need it are answered with 503.",
      503,
    ),
  ],
};

export const PROCESS: AlertGroup = {
  name: "raingauge-process",
  source: "scraped",
  interval: "1m",
  alerts: [
    process(
      "RaingaugeEventLoopLag",
      `nodejs_eventloop_lag_p99_seconds{${OURS}} > 0.5`,
      "15m",
      "warning",
      "{{ .Labels.instance }} answers late: its event loop lags by half a second",
      701,
      [{ series: `nodejs_eventloop_lag_p99_seconds{${RATER}}`, below: steady(0.5), above: steady(0.51) }],
    ),
    process(
      "RaingaugeMemoryHigh",
      `process_resident_memory_bytes{${OURS}} > 2 * 1024 * 1024 * 1024`,
      "15m",
      "warning",
      "{{ .Labels.instance }} takes more than 2 GiB of memory",
      702,
      [
        {
          series: `process_resident_memory_bytes{${RATER}}`,
          below: steady(2 ** 31 - 1000),
          above: steady(2 ** 31 + 1000),
        },
      ],
    ),
    process(
      "RaingaugeRestartLoop",
      `changes(process_start_time_seconds{${OURS}}[1h]) > 3`,
      "0m",
      "critical",
      "{{ .Labels.instance }} restarts again and again",
      703,
      [
        {
          series: `process_start_time_seconds{${RATER}}`,
          below: steady(100),
          above: { kind: "gauge", value: 100, slope: 60 },
        },
      ],
    ),
    process(
      "RaingaugeFilesNearLimit",
      `process_open_fds{${OURS}} / process_max_fds{${OURS}} > 0.8`,
      "15m",
      "warning",
      "{{ .Labels.instance }} has opened four fifths of the files that it may",
      704,
      [
        { series: `process_open_fds{${RATER}}`, below: steady(819), above: steady(820) },
        always(`process_max_fds{${RATER}}`, steady(1024)),
      ],
    ),
    {
      ...process(
        "RaingaugeVersionSkew",
        `count(count by (version) (nodejs_version_info{${OURS}})) > 1`,
        "1d",
        "info",
        "Our processes run on more than one version of Node.js",
        705,
        [
          always(`nodejs_version_info{${RATER},version="v24.1.0",major="24",minor="1",patch="0"}`, steady(1)),
          {
            series: 'nodejs_version_info{job="raingauge-collector",version="v26.0.0",major="26",minor="0",patch="0"}',
            below: absent,
            above: steady(1),
          },
        ],
      ),
      proof: {
        phase: "2d",
        step: "5m",
        courses: [
          always(`nodejs_version_info{${RATER},version="v24.1.0",major="24",minor="1",patch="0"}`, steady(1)),
          {
            series: 'nodejs_version_info{job="raingauge-collector",version="v26.0.0",major="26",minor="0",patch="0"}',
            below: absent,
            above: steady(1),
          },
        ],
        labels: {},
      },
    },
  ],
};

export const META: AlertGroup = {
  name: "raingauge-meta",
  source: "scraped",
  interval: "1m",
  alerts: [
    {
      name: "RaingaugeWatchdog",
      expr: "vector(1)",
      for: "0m",
      severity: "none",
      team: "operations",
      summary: "This alert always fires",
      description:
        "It proves that rules are evaluated and alerts delivered. Send it to something that complains when it stops.",
      panel: { board: "raingauge-pipeline", id: 111 },
      isHeartbeat: true,
      runbook: {
        look: [{ for: "whether rules are evaluated", query: "vector(1)" }],
        act: ["If it does not reach you, look at whatever evaluates the rules, then at Alertmanager."],
        costs: "Nobody; but nobody would hear of anything else either.",
      },
      proof: { courses: [], labels: {} },
    },
    {
      name: "RaingaugeTargetDown",
      expr: `up{${OURS}} == 0`,
      for: "5m",
      severity: "critical",
      team: "operations",
      summary: "{{ .Labels.instance }} of {{ .Labels.job }} cannot be scraped",
      description: "The process is gone, or its /metrics cannot be reached.",
      panel: { board: "raingauge-pipeline", id: 111 },
      runbook: {
        look: [
          { for: "all targets", query: `up{${OURS}}` },
          { for: "what the process says", command: "curl -s http://INSTANCE/healthz" },
        ],
        act: ["Start it, or mend the address."],
        costs: "See the page of the process that is gone.",
      },
      proof: { courses: [{ series: `up{${RATER}}`, below: steady(1), above: steady(0) }], labels: LABELS },
    },
  ],
};

/** Two windows: the long one says that it matters, the short one that it still goes on. */
function burn(
  name: Alert["name"],
  factor: number,
  long: string,
  short: string,
  severity: Alert["severity"],
  wait: string,
  lasts: string,
): Alert {
  const limit = Number((factor * BUDGET).toFixed(4));
  const failing = ratio('status=~"5.."', long);
  return {
    name,
    expr: `${failing} > ${limit} and ${ratio('status=~"5.."', short)} > ${limit}`,
    for: wait,
    severity,
    team: "operations",
    summary: `The API's error budget of 30 days would be gone ${lasts}`,
    description: `More than ${Number((limit * 100).toFixed(2))} % of the requests fail, over ${long} and over ${short}. The aim is 99.9 %.`,
    panel: { board: API, id: 202 },
    runbook: {
      look: [
        {
          for: "which routes",
          query: `sum by (route, status) (rate(rater_requests_answered_total{${OURS},status=~"5.."}[${short}]))`,
        },
        { for: "which part is not ready", command: "curl -s http://RATER:PORT/readyz" },
      ],
      act: ["503: mend the store or the ledger.", "500: a defect; the log has the request's id and the error."],
      costs: NOBODY,
    },
    proof: {
      phase: "8h",
      courses: [
        {
          series: answered(500),
          below: counting(Number((limit * 1000 - 0.2).toFixed(3))),
          above: counting(Number((limit * 1000 + 0.4).toFixed(3))),
        },
        always(answered(200), counting(1000)),
      ],
      labels: {},
    },
  };
}

function share(
  name: Alert["name"],
  matcher: string,
  limit: number,
  summary: string,
  description: string,
  status: number,
): Alert {
  const rest = 1000 * (1 - limit);
  return {
    name,
    expr: `${ratio(matcher, "15m")} > ${limit}`,
    for: "15m",
    severity: "warning",
    team: "operations",
    summary,
    description,
    panel: { board: API, id: 102 },
    runbook: {
      look: [
        {
          for: "which routes",
          query: `sum by (method, route, status) (rate(rater_requests_answered_total{${OURS},${matcher}}[15m]))`,
        },
      ],
      act: ["Find the caller in the proxy's log; routes and docs/problems.md say what was wrong."],
      costs: NOBODY,
    },
    proof: {
      courses: [
        { series: answered(status), below: counting(1000 * limit - 2), above: counting(1000 * limit + 5) },
        always(answered(200), counting(rest)),
      ],
      labels: {},
    },
  };
}

function process(
  name: Alert["name"],
  expr: string,
  wait: string,
  severity: Alert["severity"],
  summary: string,
  id: number,
  courses: readonly Course[],
): Alert {
  return {
    name,
    expr,
    for: wait,
    severity,
    team: "operations",
    summary,
    description: "A process in trouble of its own. What it has not acknowledged is delivered again.",
    panel: { board: "raingauge-pipeline", id },
    runbook: {
      look: [
        { for: "the same over all our processes", query: expr.replace(/ > .*$/, "") },
        { for: "its log", command: "journalctl -u 'raingauge-*' --since -1h" },
      ],
      act: [
        "Restart it if it does not recover: it goes on where it stopped.",
        "Heavy questions of the API are the usual cause in the rater; the limits of the query API are in docs/operating.md.",
      ],
      costs: NOBODY,
    },
    proof: { courses, labels: LABELS },
  };
}
