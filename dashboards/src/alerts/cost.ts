import type { Alert, AlertGroup } from "../alert.ts";
import { absent, always, type Course, climbing, steady } from "../proof.ts";

const BOARD = "raingauge-project";
const LABELS = 'project="p1",currency="EUR"';
const COST = `raingauge_cost{${LABELS},region="RegionOne",service="compute",meter="instance",resource="r1",sku="small"}`;
const MONTH = 'month="1970-01"';
const BUDGET = `budget="b1",currency="EUR",${MONTH}`;
const BUDGET_LABELS = { budget: "b1", currency: "EUR", month: "1970-01" } as const;
/** Below this an hour's cost may do what it likes; in the currency's own unit. */
const FLOOR = 1;
const HOURLY = "sum by (project, currency) (sum_over_time(raingauge_cost[1h]))";
/** Twelve samples of five minutes make an hour: the phases are so much an hour. */
const hourly = (amount: number) => steady(amount / 12);

export const COSTS: AlertGroup = {
  name: "raingauge-cost",
  source: "served",
  interval: "5m",
  alerts: [
    budget("RaingaugeBudgetHalfUsed", 0.5, "info", "Half of the budget {{ .Labels.budget }} is used", " < 0.8"),
    budget(
      "RaingaugeBudgetNearlyUsed",
      0.8,
      "warning",
      "Four fifths of the budget {{ .Labels.budget }} are used",
      " < 1",
    ),
    budget("RaingaugeBudgetSpent", 1, "critical", "The budget {{ .Labels.budget }} is spent", ""),
    {
      name: "RaingaugeBudgetForecastOver",
      expr: "raingauge_budget_forecast > raingauge_budget_limit",
      for: "1h",
      severity: "warning",
      team: "finance",
      summary: "The budget {{ .Labels.budget }} will not last the month",
      description: "If it goes on as it went so far, {{ .Labels.month }} costs more than its limit.",
      panel: { board: BOARD, id: 104 },
      runbook: {
        look: [
          { for: "the forecast over the limit", query: "raingauge_budget_forecast / raingauge_budget_limit" },
          { for: "whose it is", query: "raingauge_budget_project_info or raingauge_budget_account_info" },
          {
            for: "what costs most",
            query: "topk(10, sum by (project, sku, currency) (sum_over_time(raingauge_cost[7d])))",
          },
        ],
        act: ["Ask the owner whether it is meant; raise the limit or end what is not needed."],
        costs: "The project's owner.",
      },
      proof: {
        courses: [
          always(`raingauge_budget_limit{${BUDGET}}`, steady(100)),
          { series: `raingauge_budget_forecast{${BUDGET}}`, below: steady(100), above: steady(100.01) },
        ],
        labels: BUDGET_LABELS,
      },
    },
    {
      name: "RaingaugeBudgetFastBurn",
      expr: "(raingauge_budget_spent - raingauge_budget_spent offset 1d) * on () group_left () (scalar(days_in_month()) - scalar(day_of_month()) + vector(1)) > 2 * (raingauge_budget_limit - raingauge_budget_spent)",
      for: "1h",
      severity: "warning",
      team: "finance",
      summary: "The budget {{ .Labels.budget }} is spent twice too fast",
      description: "At the last day's rate, the rest of the month costs more than twice what the budget still has.",
      panel: { board: BOARD, id: 104 },
      runbook: {
        look: [
          {
            for: "what began to cost within a day",
            query:
              "topk(10, sum by (project, sku, currency) (sum_over_time(raingauge_cost[1d])) - sum by (project, sku, currency) (sum_over_time(raingauge_cost[1d] offset 1d)))",
          },
        ],
        act: ["Ask the owner at once: it is often a forgotten test, or a stolen credential."],
        costs: "The project's owner.",
      },
      // About 150 of 300 are left for four weeks.
      proof: {
        step: "1h",
        phase: "48h",
        courses: [
          { series: `raingauge_budget_spent{${BUDGET}}`, below: climbing(150, 0.37), above: climbing(150, 0.5) },
          always(`raingauge_budget_limit{${BUDGET}}`, steady(300)),
        ],
        labels: BUDGET_LABELS,
      },
    },
    {
      name: "RaingaugeSpendAnomaly",
      expr: `${HOURLY} > ${FLOOR} and ${HOURLY} > avg_over_time(${HOURLY}[7d:1h] offset 1h) + 3 * stddev_over_time(${HOURLY}[7d:1h] offset 1h)`,
      for: "2h",
      severity: "warning",
      team: "finance",
      summary: "Project {{ .Labels.project }} costs far more than in the last seven days",
      description:
        "The last hour lies above the mean of a week's hours by more than three standard deviations, and above 1 in {{ .Labels.currency }}.",
      panel: { board: BOARD, id: 201 },
      runbook: {
        look: [
          {
            for: "which resources",
            query: "topk(10, sum by (project, resource, sku, currency) (sum_over_time(raingauge_cost[1h])))",
          },
        ],
        act: ["Ask the owner. If it is meant, the alert ends by itself as the week learns it."],
        costs: "The project's owner.",
      },
      // The first day teaches the mean; then it goes from 2 to 9 an hour.
      proof: {
        step: "5m",
        phase: "24h",
        checks: ["24h", "27h", "71h"],
        courses: [{ series: COST, below: hourly(2), above: hourly(9) }],
        labels: { project: "p1", currency: "EUR" },
      },
    },
    {
      name: "RaingaugeSpendDrop",
      expr: `${HOURLY} < 0.5 * sum by (project, currency) (sum_over_time(raingauge_cost[1h] offset 7d)) and sum by (project, currency) (sum_over_time(raingauge_cost[1h] offset 7d)) > ${FLOOR}`,
      for: "2h",
      severity: "warning",
      team: "finance",
      summary: "Project {{ .Labels.project }} costs less than half of what it did a week ago",
      description: "A customer who leaves, or readings that are missing: lost revenue either way.",
      panel: { board: BOARD, id: 201 },
      runbook: {
        look: [
          {
            for: "which meters are gone",
            query:
              "sum by (project, meter) (sum_over_time(raingauge_usage[1h] offset 7d)) unless sum by (project, meter) (sum_over_time(raingauge_usage[1h]))",
          },
          { for: "whether resources are gone", query: "count by (project, state) (ceilometer_instance)" },
        ],
        act: [
          "If resources are there and their usage is not, follow the pipeline's alerts.",
          "If they were deleted, tell whoever looks after the customer.",
        ],
        costs: "The operator, if readings are missing.",
      },
      proof: {
        step: "20m",
        phase: "180h",
        checks: ["180h", "190h", "540h"],
        courses: [{ series: COST, below: steady(4 / 3), above: steady(1.9 / 3) }],
        labels: { project: "p1", currency: "EUR" },
      },
    },
    {
      name: "RaingaugeExpensiveNewcomer",
      expr: "sum by (project, resource, currency) (sum_over_time(raingauge_cost[1h])) > 10 unless sum by (project, resource, currency) (sum_over_time(raingauge_cost[1h] offset 1d))",
      for: "30m",
      severity: "info",
      team: "finance",
      summary: "A new resource of project {{ .Labels.project }} costs more than 10 {{ .Labels.currency }} an hour",
      description: "Resource {{ .Labels.resource }} was not there a day ago.",
      panel: { board: "raingauge-cost-explorer", id: 201 },
      runbook: {
        look: [
          {
            for: "what it is",
            query: "topk(10, sum by (project, resource, sku, currency) (sum_over_time(raingauge_cost[1h])))",
          },
        ],
        act: ["Ask the owner whether it is meant."],
        costs: "The project's owner.",
      },
      proof: {
        step: "5m",
        phase: "30h",
        checks: ["30h", "32h", "56h"],
        courses: [{ series: COST.replace("r1", "r2"), below: absent, above: hourly(12) }, always(COST, hourly(2))],
        labels: { project: "p1", resource: "r2", currency: "EUR" },
      },
    },
  ],
};

function budget(name: Alert["name"], from: number, severity: Alert["severity"], summary: string, to: string): Alert {
  const course: Course = {
    series: `raingauge_budget_used_ratio{${BUDGET}}`,
    below: steady(from - 0.01),
    above: steady(from),
  };
  return {
    name,
    expr: to === "" ? `raingauge_budget_used_ratio >= ${from}` : `raingauge_budget_used_ratio >= ${from}${to}`,
    for: "10m",
    severity,
    team: "finance",
    summary,
    description:
      "In {{ .Labels.month }}, of all its projects together, or of all that its account owes. A budget stops nothing; it tells.",
    panel: { board: BOARD, id: 104 },
    runbook: {
      look: [
        { for: "how much of each budget is used", query: "raingauge_budget_used_ratio" },
        { for: "whose it is", query: "raingauge_budget_project_info or raingauge_budget_account_info" },
        {
          for: "what costs most",
          query: "topk(10, sum by (project, sku, currency) (sum_over_time(raingauge_cost[7d])))",
        },
      ],
      act: ["Tell the owner; raise the limit or end what is not needed."],
      costs: "The project's owner, or the account's.",
    },
    proof: { courses: [course], labels: BUDGET_LABELS },
  };
}
