import type { Alert, AlertGroup } from "../alert.ts";
import { absent, always, behind, counting, steady } from "../proof.ts";
import { OURS } from "./jobs.ts";

const RATER = 'job="raingauge-rater"';
const COST =
  'raingauge_cost{project="p1",region="RegionOne",service="compute",meter="instance",resource="r1",sku="small",currency="EUR"}';

/** What the rater serves of the bill. */
export const RATING: AlertGroup = {
  name: "raingauge-rating",
  source: "served",
  interval: "1m",
  alerts: [
    {
      name: "RaingaugeRatingLag",
      expr: "time() - max(raingauge_rated_until_timestamp_seconds) > 7200",
      for: "15m",
      severity: "critical",
      team: "operations",
      summary: "Usage has not been rated for two hours",
      description:
        "Costs, budgets and forecasts stand still. Invoices do not depend on it: they are computed when the month is closed.",
      panel: { board: "raingauge-finance", id: 104 },
      runbook: {
        look: [
          { for: "up to when it is rated", query: "max(raingauge_rated_until_timestamp_seconds)" },
          { for: "whether readings come in", query: "count(last_over_time(ceilometer_instance[30m]))" },
        ],
        act: ["If no readings come, follow the pipeline's alerts.", "If they do, look at the rater's log and /readyz."],
        costs: "Nobody; project owners see old figures.",
      },
      proof: {
        courses: [{ series: "raingauge_rated_until_timestamp_seconds", below: behind(7140), above: behind(7260) }],
        labels: {},
      },
    },
    {
      name: "RaingaugeUnpricedUsage",
      expr: "sum by (meter) (raingauge_usage_unpriced) > 0",
      for: "1h",
      severity: "warning",
      team: "finance",
      summary: "No price says what {{ .Labels.meter }} costs",
      description:
        "Usage that no price matches holds the invoices of its projects until there is a price, or until somebody says that it is given away.",
      panel: { board: "raingauge-finance", id: 201 },
      runbook: {
        look: [{ for: "whose usage", query: "sum by (project, meter, unit) (raingauge_usage_unpriced) > 0" }],
        act: [
          "Publish a price for it (docs/examples/price-book.yaml).",
          "Or give it away for this month: `raingauge close MONTH --allow-unpriced`.",
        ],
        costs: "The operator: it is not billed until it is priced, and never silently at zero.",
      },
      proof: {
        courses: [
          {
            series: 'raingauge_usage_unpriced{project="p1",meter="volume.size",unit="GiB"}',
            below: steady(0),
            above: steady(0.001),
          },
        ],
        labels: { meter: "volume.size" },
      },
    },
    {
      name: "RaingaugePriceBookMissing",
      expr: "count(count_over_time(raingauge_usage[3h])) > 0 unless on () count(count_over_time(raingauge_cost[3h]))",
      for: "5m",
      severity: "critical",
      team: "finance",
      summary: "Usage is measured and none of it costs anything",
      description: "No price book is in force, or none of its prices matches. No month can be closed.",
      panel: { board: "raingauge-finance", id: 202 },
      runbook: {
        look: [{ for: "what is used", query: "sum by (meter, unit) (sum_over_time(raingauge_usage[3h]))" }],
        act: ["Publish one: RAINGAUGE_PRICE_BOOK names its file at the rater's start."],
        costs: "The operator.",
      },
      proof: {
        phase: "6h",
        courses: [
          always(
            'raingauge_usage{project="p1",region="RegionOne",service="compute",meter="instance",resource="r1",unit="instance"}',
            steady(1),
          ),
          { series: COST, below: steady(1), above: absent },
        ],
        labels: {},
      },
    },
    {
      name: "RaingaugePriceChangeAhead",
      expr: "raingauge_price_book_valid_from_timestamp_seconds > time() and raingauge_price_book_valid_from_timestamp_seconds < time() + 604800",
      for: "0m",
      severity: "info",
      team: "finance",
      summary: "The prices of {{ .Labels.book }} change within a week",
      description:
        "Version {{ .Labels.version }} comes into force. If nobody announced it to the customers, now is the time.",
      panel: { board: "raingauge-finance", id: 202 },
      runbook: {
        look: [{ for: "from when", query: "raingauge_price_book_valid_from_timestamp_seconds > time()" }],
        act: ["Compare it over last month with the version in force before it does come into force.", "Announce it."],
        costs: "Nobody yet.",
      },
      proof: {
        step: "1m",
        courses: [
          {
            series: 'raingauge_price_book_valid_from_timestamp_seconds{book="b",version="2",currency="EUR"}',
            below: behind(-604_860),
            above: behind(-604_740),
          },
        ],
        labels: { book: "b", version: "2", currency: "EUR" },
      },
    },
    {
      name: "RaingaugeNegativeCost",
      expr: "sum by (project, currency) (sum_over_time(raingauge_cost[1h])) < 0",
      for: "0m",
      severity: "critical",
      team: "finance",
      summary: "An hour of project {{ .Labels.project }} costs less than nothing",
      description: "No price makes usage negative. A book with a negative amount was published, or this is a defect.",
      panel: { board: "raingauge-finance", id: 203 },
      runbook: {
        look: [{ for: "which prices", query: "sum by (sku, currency) (sum_over_time(raingauge_cost[1h])) < 0" }],
        act: [
          "Supersede the book.",
          "`raingauge why` on a line of the project says which rule and which usage make it.",
        ],
        costs: "The operator.",
      },
      proof: {
        step: "10m",
        phase: "4h",
        courses: [{ series: COST, below: steady(0), above: steady(-0.01) }],
        labels: { project: "p1", currency: "EUR" },
      },
    },
  ],
};

/** What the rater counts while it closes months. */
export const CLOSING: AlertGroup = {
  name: "raingauge-closing",
  source: "scraped",
  interval: "1m",
  alerts: [
    held(
      "RaingaugeInvoicesHeld",
      "rater_projects_held_total",
      "2h",
      "warning",
      "Invoices are held back",
      "Projects have usage that no price matches, or their readings are not complete. They are tried again.",
    ),
    held(
      "RaingaugeMonthHeld",
      "rater_months_held_total",
      "2h",
      "critical",
      "A month cannot be closed",
      "The listeners have not told that they heard it to its end, or no price book covers it.",
    ),
    held(
      "RaingaugeClosingFailed",
      "rater_closings_failed_total",
      "1h",
      "critical",
      "Closing a month fails",
      "A run of the schedule ended with an error. Nothing of it was issued; it is tried again.",
    ),
    {
      name: "RaingaugeInvoicesOverdue",
      expr: `sum(increase(rater_invoices_issued_total{${OURS}}[5d])) == 0 and on () day_of_month() == 6`,
      for: "1h",
      severity: "critical",
      team: "finance",
      summary: "It is the sixth, and no invoice was issued this month",
      description: "Months are closed after their grace, by default three days after their end.",
      panel: { board: "raingauge-api-slo", id: 303 },
      runbook: {
        look: [{ for: "what holds it", query: `sum(increase(rater_months_held_total{${OURS}}[6d]))` }],
        act: ["Look at the rater's log: it says what it waits for.", "`raingauge close MONTH` does not wait."],
        costs: "The operator: bills go out late.",
      },
      // promtool's time begins on a first of January, so the first phase ends within the fifth, the second within the sixth.
      proof: {
        step: "5m",
        phase: "139h",
        checks: ["119h", "143h", "167h"],
        courses: [{ series: `rater_invoices_issued_total{${RATER}}`, below: counting(0), above: counting(0) }],
        labels: {},
      },
    },
  ],
};

function held(
  name: Alert["name"],
  metric: string,
  window: string,
  severity: Alert["severity"],
  summary: string,
  description: string,
): Alert {
  return {
    name,
    expr: `sum(increase(${metric}{${OURS}}[${window}])) > 0`,
    for: "15m",
    severity,
    team: "finance",
    summary,
    description,
    panel: { board: "raingauge-api-slo", id: 303 },
    runbook: {
      look: [
        { for: "usage without a price", query: "sum by (project, meter, unit) (raingauge_usage_unpriced) > 0" },
        { for: "until when regions were heard", query: `max by (region) (listener_coverage_end_seconds{${OURS}})` },
        { for: "what the rater waits for, in its log", command: "journalctl -u raingauge-rater --since -2h" },
      ],
      act: [
        "Give what is missing: a price, a listener that catches up.",
        "`raingauge close MONTH` tries at once and does not wait for listeners; `--allow-unpriced` gives the unpriced away.",
      ],
      costs: "The operator: bills go out late. No tenant pays more for it.",
    },
    proof: {
      phase: "4h",
      courses: [{ series: `${metric}{${RATER}}`, below: counting(0), above: counting(1) }],
      labels: {},
    },
  };
}
