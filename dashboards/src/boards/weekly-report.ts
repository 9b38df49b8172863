import type { Board, Row } from "../board.ts";
import { bars, lines, plain, ranking, stacked, stat, words } from "../panel.ts";
import { CURRENCY } from "../variable.ts";

const IN = 'currency="$currency"';
const YOUNG = "Empty where there are no costs from a week ago.";
const ISSUED = "Empty until the first month is closed.";
const week = `sum(sum_over_time(raingauge_cost{${IN}}[7d]))`;
const weekBefore = `sum(sum_over_time(raingauge_cost{${IN}}[7d] offset 7d))`;
const used = (meter: string): string => `sum(sum_over_time(raingauge_usage{meter="${meter}"}[7d]))`;
const big = { width: 6, height: 5 };

const WEEK: Row = {
  title: "The last seven days",
  panels: [
    stat(101, "Cost, $currency", "none", week, "What was used in the last seven days, before discounts?", {
      ...big,
      look: { thresholds: plain, decimals: 2 },
    }),
    stat(102, "The week before, $currency", "none", weekBefore, "And in the seven days before?", {
      ...big,
      mayBeEmpty: YOUNG,
      look: { thresholds: plain, decimals: 2 },
    }),
    stat(103, "Change", "percentunit", `(${week} - ${weekBefore}) / ${weekBefore}`, "By how much did it change?", {
      ...big,
      mayBeEmpty: YOUNG,
      look: { thresholds: plain, decimals: 1 },
    }),
    stat(
      104,
      "Month to date, $currency",
      "none",
      `sum(raingauge_cost_month_to_date{${IN}})`,
      "What does the month come to so far?",
      { ...big, look: { thresholds: plain, decimals: 2 } },
    ),
    stat(
      105,
      "Forecast for the month, $currency",
      "none",
      `sum(raingauge_cost_forecast{${IN}})`,
      "Where is the month going?",
      { ...big, look: { thresholds: plain, decimals: 2 } },
    ),
    stat(
      106,
      "Projects",
      "none",
      "count(count by (project) (ceilometer_instance))",
      "How many customers have machines?",
      { ...big, look: { thresholds: plain } },
    ),
    stat(107, "Machines", "none", "count(ceilometer_instance)", "How many machines are there?", {
      ...big,
      look: { thresholds: plain },
    }),
    stat(108, "vCPU hours", "short", used("vcpus"), "How much computing was used?", {
      ...big,
      look: { thresholds: plain, decimals: 1 },
    }),
    stat(109, "Volumes, GiB hours", "short", used("volume.size"), "How much storage was used?", {
      ...big,
      look: { thresholds: plain, decimals: 1 },
    }),
    stat(110, "Traffic out", "decbytes", used("network.outgoing.bytes"), "How much was sent?", {
      ...big,
      look: { thresholds: plain, decimals: 1 },
    }),
    stat(
      111,
      "Meters without a price",
      "none",
      "count(count by (meter) (raingauge_usage_unpriced > 0)) or vector(0)",
      "Is anything given away by mistake?",
      {
        ...big,
        act: "Not 0: somebody should publish a price.",
        look: { thresholds: ["green", [1, "orange"]] },
      },
    ),
    stat(
      112,
      "Invoiced in all, $currency",
      "none",
      `sum(raingauge_revenue{${IN}})`,
      "What was invoiced for all months?",
      { ...big, mayBeEmpty: ISSUED, look: { thresholds: plain, decimals: 2 } },
    ),
  ],
};

const COURSE: Row = {
  title: "Its course",
  panels: [
    bars(
      201,
      "Cost by the day, $currency",
      "none",
      [
        {
          expr: `sum by (service) (sum_over_time(raingauge_cost{${IN}}[$__interval] offset -$__interval))`,
          legend: "{{service}}",
          interval: "1d",
        },
      ],
      "What did each day bring?",
      { look: { decimals: 2 } },
    ),
    ranking(
      202,
      "Net revenue by month, $currency",
      "none",
      [{ expr: `sum by (month) (raingauge_revenue{${IN}})`, legend: "{{month}}" }],
      "What was invoiced for which month?",
      { width: 12, mayBeEmpty: ISSUED, look: { decimals: 2 } },
    ),
    stacked(
      203,
      "Machines",
      "none",
      [{ expr: "count by (state) (ceilometer_instance)", legend: "{{state}}", interval: "1h" }],
      "Does the cloud grow?",
    ),
    stacked(
      204,
      "vCPUs given out",
      "none",
      [{ expr: "sum by (region) (ceilometer_vcpus)", legend: "{{region}}", interval: "1h" }],
      "Where does it grow?",
    ),
    lines(
      205,
      "Volumes",
      "gbytes",
      [{ expr: "sum(ceilometer_volume_size)", legend: "size", interval: "1h" }],
      "How much is stored?",
      { look: { min: 0 } },
    ),
    ranking(
      206,
      "Largest customers of the week, $currency",
      "none",
      [{ expr: `topk(8, sum by (project) (sum_over_time(raingauge_cost{${IN}}[7d])))`, legend: "{{project}}" }],
      "On whom does it depend?",
      { width: 12, look: { decimals: 2 } },
    ),
    words(
      207,
      "How to read this",
      "Costs are what was used, rated by the hour, before discounts and minimums; invoices are what was issued. Days are days in UTC. Print it in the light theme: add `?kiosk&theme=light` to the address.",
      24,
      3,
    ),
  ],
};

export const WEEKLY_REPORT: Board = {
  uid: "raingauge-weekly-report",
  title: "Raingauge / Management report",
  audience: "billing",
  source: "served",
  answers: "How went the week? For management: nothing to click, to be printed or shown on a screen.",
  from: "now-30d",
  refresh: "1h",
  timezone: "utc",
  variables: [CURRENCY],
  rows: [WEEK, COURSE],
};
